"""Columns of text beside TfidfVectorizer and LogisticRegression."""

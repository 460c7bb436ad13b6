"""Hold estimates of memory against what families take."""

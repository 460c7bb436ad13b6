"""Networks that predict the next character: trained with torch, read with numpy alone."""

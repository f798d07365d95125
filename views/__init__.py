"""The pages of the app: each chooses, has the library compute, and shows."""

"""Models come with the app's pages."""

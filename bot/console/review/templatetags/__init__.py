"""Tags of the review's templates."""

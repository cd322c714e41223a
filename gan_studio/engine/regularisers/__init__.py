"""What is added to an objective: penalties, unrolled updates, layers and augmentation. Shared by families."""

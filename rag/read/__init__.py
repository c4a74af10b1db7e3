"""A question and a passage to a finding. The language model lives here and nowhere else."""

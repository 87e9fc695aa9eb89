"""What several macros share: options, the order of people, working days, whether results may be handed out, PDFs."""

"""What also runs in the Python that LibreOffice brings (3.8 and later): the extension carries it."""

"""LibreOffice Calc as a host: an extension (.oxt) generated from the functions' declarations, and what installs it.

``component/`` is what runs inside LibreOffice; everything else makes, installs and examines the extension.
"""

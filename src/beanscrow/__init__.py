"""Books for deals in which a cloud provider pays for equity with compute credits."""

__version__ = "0.1.0"

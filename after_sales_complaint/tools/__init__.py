from . import assessment, deadlines, limits

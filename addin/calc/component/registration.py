"""What LibreOffice loads: the implementations by their names."""

import unohelper

from addin.calc.component import identity
from addin.calc.component.commands import Commands
from addin.calc.component.documents import Documents
from addin.calc.component.functions import Functions

g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Functions, identity.FUNCTIONS, (identity.SERVICE, identity.FUNCTIONS))
g_ImplementationHelper.addImplementation(
    Commands, identity.COMMANDS, ("com.sun.star.frame.ProtocolHandler", identity.COMMANDS)
)
g_ImplementationHelper.addImplementation(Documents, identity.DOCUMENTS, ("com.sun.star.task.Job", identity.DOCUMENTS))

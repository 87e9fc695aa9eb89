Option Explicit

' What the ribbon calls. Office finds these by their names and arguments; it keeps nothing of ours, so that the buttons work
' also after somebody has stopped the code. What a button can't do is told when it is clicked.

Private Const SCHEME_ID As String = "scheme."
Private Const MACRO_ID As String = "macro."
Private Const NOT_AT_ALL As Long = 0   ' xlDisabled: Esc ends no cell's function in its midst. Excel sets it back when it is idle

' A workbook of its own functions needs no tab of its own beside the add-in's.
Public Sub KaoheIsVisible(control As IRibbonControl, ByRef visible As Variant)
    On Error Resume Next
    visible = True
    visible = ThisWorkbook.IsAddin Or Not IsAddinOpen()
End Sub

Private Function IsAddinOpen() As Boolean
    Dim book As Workbook
    On Error Resume Next
    Set book = Workbooks("kaohe.xlam")
    IsAddinOpen = Not book Is Nothing
End Function

Public Sub KaoheNew(control As IRibbonControl, id As String, index As Integer)
    On Error GoTo Failed
    KaoheWatch
    KaoheNewBook Mid$(id, Len(SCHEME_ID) + 1)
    Exit Sub
Failed:
    TellFailure Err.Number, Err.Description
End Sub

Public Sub KaoheMacro(control As IRibbonControl)
    On Error GoTo Failed
    KaoheWatch
    If HasBook() Then KaoheRunMacro Mid$(control.ID, Len(MACRO_ID) + 1)
    Exit Sub
Failed:
    TellFailure Err.Number, Err.Description
End Sub

Public Sub KaoheCalculate(control As IRibbonControl)
    On Error GoTo Failed
    KaoheWatch
    If Not HasBook() Then Exit Sub
    Application.EnableCancelKey = NOT_AT_ALL
    KaoheCalculateColumns ActiveWorkbook
    Application.CalculateFull
    KaoheTellTrouble
    Exit Sub
Failed:
    TellFailure Err.Number, Err.Description
End Sub

Public Sub KaoheMend(control As IRibbonControl)
    Dim count As Long
    On Error GoTo Failed
    KaoheWatch
    If Not HasBook() Then Exit Sub
    count = KaoheHeal(ActiveWorkbook, True)
    MsgBox KaoheSay("healed", CStr(count)), vbInformation, ActiveWorkbook.Name
    Exit Sub
Failed:
    TellFailure Err.Number, Err.Description
End Sub

Public Sub KaoheRestart(control As IRibbonControl)
    Dim told As String
    On Error GoTo Failed
    KaoheWatch
    KaoheStopServer
    told = KaoheSay("connected", KaoheAsk("about"))
    Application.EnableCancelKey = NOT_AT_ALL
    If Not ActiveWorkbook Is Nothing Then Application.CalculateFull
    MsgBox told, vbInformation, "KAOHE"
    Exit Sub
Failed:
    TellFailure Err.Number, Err.Description
End Sub

Public Sub KaoheHelp(control As IRibbonControl)
    On Error GoTo Failed
    KaoheWatch
    ThisWorkbook.FollowHyperlink KaoheAsk("handbook")
    Exit Sub
Failed:
    TellFailure Err.Number, Err.Description
End Sub

Private Sub TellFailure(ByVal Number As Long, ByVal Description As String)
    MsgBox KaoheErrorText(Number, Description, "unexpected"), vbExclamation, "KAOHE"
End Sub

Private Function HasBook() As Boolean
    HasBook = Not ActiveWorkbook Is Nothing
    If Not HasBook Then MsgBox KaoheSay("no_workbook"), vbInformation, "KAOHE"
End Function

' Why cells show errors although nothing is wrong with them, told once.
Public Sub KaoheTellTrouble()
    Dim trouble As String
    trouble = KaoheTrouble()
    If Len(trouble) > 0 Then MsgBox KaoheSay("cells_wait", trouble), vbExclamation, "KAOHE"
End Sub

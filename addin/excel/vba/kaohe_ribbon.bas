Option Explicit

' What the ribbon calls. Office finds these by their names and arguments; it keeps nothing of ours, so that the buttons work
' also after somebody has stopped the code. What a button can't do is told when it is clicked.

Private Const SCHEME_ID As String = "scheme."
Private Const MACRO_ID As String = "macro."

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
    KaoheNewBook Mid$(id, Len(SCHEME_ID) + 1)
End Sub

Public Sub KaoheMacro(control As IRibbonControl)
    If HasBook() Then KaoheRunMacro Mid$(control.ID, Len(MACRO_ID) + 1)
End Sub

Public Sub KaoheCalculate(control As IRibbonControl)
    On Error GoTo Failed
    If Not HasBook() Then Exit Sub
    KaoheCalculateColumns ActiveWorkbook
    Application.CalculateFull
    KaoheTellTrouble
    Exit Sub
Failed:
    MsgBox Err.Description, vbExclamation, "KAOHE"
End Sub

Public Sub KaoheMend(control As IRibbonControl)
    Dim count As Long
    On Error GoTo Failed
    If Not HasBook() Then Exit Sub
    count = KaoheHeal(ActiveWorkbook, True)
    MsgBox U("\u5df2\u91cd\u65b0\u8fde\u63a5 ") & count & U(" \u4e2a\u516c\u5f0f\u3002"), vbInformation, ActiveWorkbook.Name
    Exit Sub
Failed:
    MsgBox Err.Description, vbExclamation, "KAOHE"
End Sub

Public Sub KaoheRestart(control As IRibbonControl)
    Dim told As String
    On Error GoTo Failed
    KaoheStopServer
    told = U("\u8ba1\u7b97\u7a0b\u5e8f\u5df2\u8fde\u63a5:") & vbLf & KaoheAsk("about")
    Application.CalculateFull
    MsgBox told, vbInformation, "KAOHE"
    Exit Sub
Failed:
    MsgBox Err.Description, vbExclamation, "KAOHE"
End Sub

Public Sub KaoheHelp(control As IRibbonControl)
    On Error GoTo Failed
    ThisWorkbook.FollowHyperlink KaoheAsk("handbook")
    Exit Sub
Failed:
    MsgBox Err.Description, vbExclamation, "KAOHE"
End Sub

Private Function HasBook() As Boolean
    HasBook = Not ActiveWorkbook Is Nothing
    If Not HasBook Then MsgBox U("\u6ca1\u6709\u6253\u5f00\u7684\u5de5\u4f5c\u7c3f\u3002"), vbInformation, "KAOHE"
End Function

' Why cells show errors although nothing is wrong with them, told once.
Public Sub KaoheTellTrouble()
    Dim trouble As String
    trouble = KaoheTrouble()
    If Len(trouble) > 0 Then MsgBox U("\u8003\u6838\u51fd\u6570\u6682\u65f6\u65e0\u6cd5\u8ba1\u7b97:") & vbLf & trouble & vbLf & U("\u6392\u9664\u540e\u8bf7\u5728\u201c\u8003\u6838\u201d\u9009\u9879\u5361\u70b9\u201c\u91cd\u65b0\u8fde\u63a5\u201d\u3002"), vbExclamation, "KAOHE"
End Sub

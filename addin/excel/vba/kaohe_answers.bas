Option Explicit
Option Private Module

' What functions answered, kept together with everything they were asked, and given again only where all of that is the same:
' what is known can cost room, never a wrong number. For a call about one row, kaohe_ahead asks for the other rows as well.
'
' A function's kinds have a letter for each argument: r a row, s a row of which a column would be a set of its own, c a
' cell, k a key of this row (capitals may be left out), and a dot for what all rows of a call share. A single value among
' these or cells of this row, v, may be others in other rows all the same: then they are calls of their own, handed over
' together. Of a call for a block of rows everything is shared.

Private Const SHARED_BY_ROWS As String = "."
Private Const SINGLE_VALUE As String = "v"
Private Const EACH_ROW As String = "each"     ' the function of the server that makes several calls of one
Private Const A_ROW As String = "r"
Private Const A_SET As String = "s"
Private Const MOST_MEMORIES As Long = 64      ' of one function in one column
Private Const MOST_KEPT As Double = 2000000   ' cells, of some forty bytes each; a big workbook needs less than half

Private mPlaces As Collection     ' by function and column: a collection of memories, the newest first
Private mOlder As Collection      ' what these had before there was too much: what is asked again comes back
Private mKept As Double           ' how much mPlaces has

Public Sub KaoheForgetAnswers()
    Set mPlaces = Nothing
    Set mOlder = Nothing
    mKept = 0
    KaoheExpectNothing
End Sub

Public Function KaoheIsShared(ByRef Kinds As String, ByVal Place As Long) As Boolean
    KaoheIsShared = Mid$(Kinds, Place + 1, 1) = SHARED_BY_ROWS
End Function

' A call's answer, from what is known or from Python. While cells that it reads are still to be calculated there is
' none: Excel calculates them and calls again.
Public Function KaoheAnswered(ByVal FunctionName As String, ByVal Kinds As String, ByRef Blocks As Variant, ByRef Values As Variant) As Variant
    Dim own As Variant, memory As KaoheMemory, rows As Collection, asked As Variant, known As Variant, everyone As Variant, i As Long
    Dim at As Long, isOne As Boolean, had As Double
    KaoheAnswered = KaoheWrongValue()
    isOne = IsOneRow(Kinds, Values)
    If Not isOne Then Kinds = String$(Len(Kinds), SHARED_BY_ROWS)
    For i = LBound(Values) To UBound(Values)
        If isOne And KaoheIsShared(Kinds, i) Then If IsOfThisRow(Blocks(i), Values(i)) Then Kinds = Left$(Kinds, i) & SINGLE_VALUE & Mid$(Kinds, i + 2)
    Next i
    If Not AreReady(Kinds, Blocks, Values, False) Then Exit Function
    ReDim own(LBound(Values) To UBound(Values))
    For i = LBound(Values) To UBound(Values)
        If Not KaoheIsShared(Kinds, i) Then own(i) = Values(i)
    Next i
    Set memory = MemoryOf(FunctionName, Kinds, Values)
    If memory Is Nothing Then
        If Not AreReady(Kinds, Blocks, Values, True) Then Exit Function
        Set memory = NewMemory(FunctionName, Kinds, Values)
    ElseIf memory.HasBlanks() Then
        If Not AreReady(Kinds, Blocks, Values, True) Then Exit Function
    End If
    known = memory.Recall(own)
    If IsArray(known) Then
        KaoheAnswered = known(0)
        Exit Function
    End If
    Set rows = New Collection
    asked = Values
    If isOne Then If memory.IsTimeToLook(CallingRow()) Then everyone = LookedAhead(FunctionName, Kinds, Blocks, own, memory, rows, asked, at)
    had = memory.Size()
    If UBound(asked) > UBound(Values) Then
        KaoheAnswered = Kept(memory, own, rows, KaoheAskServer(EACH_ROW, asked))
    Else
        KaoheAnswered = Kept(memory, own, rows, KaoheAskServer(FunctionName, asked))
    End If
    CountKept memory.Size() - had
    On Error Resume Next   ' the answer is there, whatever comes of the others
    If IsArray(everyone) Then KaoheExpect KaoheCallingCell(), FunctionName, at, everyone, memory
End Function

' What KaoheLookAhead gives; where Excel refuses something that it reads, this row is asked for alone.
Private Function LookedAhead(ByVal FunctionName As String, ByVal Kinds As String, ByRef Blocks As Variant, ByRef Own As Variant, ByVal Memory As KaoheMemory, ByRef Rows As Collection, ByRef Asked As Variant, ByRef At As Long) As Variant
    Dim others As New Collection, more As Variant
    more = Asked
    On Error GoTo Alone
    LookedAhead = KaoheLookAhead(FunctionName, Kinds, Blocks, Own, Memory, others, more, At)
    Set Rows = others
    Asked = more
Alone:
End Function

' Whether what is shared may be something else in other rows: a single value, or cells of the row that calls.
Private Function IsOfThisRow(ByRef Block As Variant, ByRef Value As Variant) As Boolean
    If IsArray(Value) Then
        If IsObject(Block) Then If Block.Rows.Count = 1 Then IsOfThisRow = Block.Row = CallingRow()
    Else
        IsOfThisRow = Not IsMissing(Value)
    End If
End Function

' Whether all arguments that rows share, or all others, have their values.
Private Function AreReady(ByVal Kinds As String, ByRef Blocks As Variant, ByRef Values As Variant, ByVal OfShared As Boolean) As Boolean
    Dim i As Long
    For i = LBound(Values) To UBound(Values)
        If KaoheIsShared(Kinds, i) = OfShared Then If Not KaoheIsReady(Blocks(i), Values(i)) Then Exit Function
    Next i
    AreReady = True
End Function

' Remember what came for the rows; returns this row's.
Private Function Kept(ByVal Memory As KaoheMemory, ByVal Own As Variant, ByVal Rows As Collection, ByVal Answer As Variant) As Variant
    Dim row As Variant, n As Long
    If Rows.Count < 2 Then
        Memory.Keep Own, Answer
        Kept = Answer
        Exit Function
    End If
    If Not IsArray(Answer) Then
        ' What is wrong with the shared arguments is wrong for every row.
        For Each row In Rows
            Memory.Keep row, Answer
        Next row
        Kept = Answer
        Exit Function
    End If
    For Each row In Rows
        Memory.Keep row, Answer(LBound(Answer, 1) + n, LBound(Answer, 2))
        n = n + 1
    Next row
    Kept = Answer(LBound(Answer, 1), LBound(Answer, 2))
End Function

' Whether a call is for one row, and not for a block of them.
Private Function IsOneRow(ByVal Kinds As String, ByRef Values As Variant) As Boolean
    Dim i As Long
    For i = LBound(Values) To UBound(Values)
        Select Case LCase$(Mid$(Kinds, i + 1, 1))
            Case SHARED_BY_ROWS
            Case A_SET
                If KaoheDimensions(Values(i)) <> 2 Then Exit Function
                If UBound(Values(i), 1) > LBound(Values(i), 1) Or UBound(Values(i), 2) = LBound(Values(i), 2) Then Exit Function
            Case A_ROW
                If IsArray(Values(i)) Then
                    If KaoheDimensions(Values(i)) = 2 Then
                        If UBound(Values(i), 1) > LBound(Values(i), 1) Then Exit Function
                    ElseIf IsArray(Values(i)(LBound(Values(i)))) Then
                        Exit Function
                    End If
                End If
            Case Else
                If IsArray(Values(i)) Then Exit Function
        End Select
    Next i
    IsOneRow = True
End Function

' What is known about a function with these shared arguments in the column of the calling cell; Nothing if nothing is.
Private Function MemoryOf(ByVal FunctionName As String, ByVal Kinds As String, ByRef Values As Variant) As KaoheMemory
    Dim place As String, memories As Collection
    place = FunctionName & vbTab & CallingColumn()
    Set memories = MemoriesAt(place)
    Set MemoryOf = TakenFrom(memories, Kinds, Values)
    If MemoryOf Is Nothing Then
        Set MemoryOf = TakenFrom(MemoriesIn(mOlder, place), Kinds, Values)
        If MemoryOf Is Nothing Then Exit Function
        CountKept MemoryOf.Size()
    End If
    AddFirst memories, MemoryOf
End Function

' The memory that is about these arguments, out of some.
Private Function TakenFrom(ByVal Memories As Collection, ByVal Kinds As String, ByRef Values As Variant) As KaoheMemory
    Dim memory As KaoheMemory, i As Long
    If Memories Is Nothing Then Exit Function
    For i = 1 To Memories.Count
        Set memory = Memories(i)
        If memory.IsAbout(Kinds, Values) Then
            Memories.Remove i
            Set TakenFrom = memory
            Exit Function
        End If
    Next i
End Function

Private Function NewMemory(ByVal FunctionName As String, ByVal Kinds As String, ByRef Values As Variant) As KaoheMemory
    Dim memories As Collection, before As KaoheMemory
    Set memories = MemoriesAt(FunctionName & vbTab & CallingColumn())
    If memories.Count > 0 Then Set before = memories(1)
    Set NewMemory = New KaoheMemory
    NewMemory.Begin Kinds, Values, CallingRow(), before
    AddFirst memories, NewMemory
    CountKept NewMemory.Size()
    If memories.Count <= MOST_MEMORIES Then Exit Function
    Set before = memories(memories.Count)
    CountKept -before.Size()
    memories.Remove memories.Count
End Function

Private Function MemoriesAt(ByVal Place As String) As Collection
    If mPlaces Is Nothing Then Set mPlaces = New Collection
    Set MemoriesAt = MemoriesIn(mPlaces, Place)
    If MemoriesAt Is Nothing Then
        Set MemoriesAt = New Collection
        mPlaces.Add MemoriesAt, Place
    End If
End Function

Private Function MemoriesIn(ByVal Places As Collection, ByVal Place As String) As Collection
    On Error Resume Next
    Set MemoriesIn = Places(Place)
End Function

Private Sub AddFirst(ByVal Memories As Collection, ByVal Memory As KaoheMemory)
    If Memories.Count = 0 Then Memories.Add Memory Else Memories.Add Memory, , 1
End Sub

' Where too much is kept, what wasn't asked since the last time goes.
Private Sub CountKept(ByVal Size As Double)
    mKept = mKept + Size
    If mKept <= MOST_KEPT Then Exit Sub
    Set mOlder = mPlaces
    Set mPlaces = Nothing
    mKept = 0
End Sub

Private Function CallingColumn() As String
    Dim cell As Object
    Set cell = KaoheCallingCell()
    If Not cell Is Nothing Then CallingColumn = KaoheNameOfColumn(cell)
End Function

Private Function CallingRow() As Long
    Dim cell As Object
    Set cell = KaoheCallingCell()
    If Not cell Is Nothing Then CallingRow = cell.Row
End Function

"""The ids of the note type, which never change."""

from __future__ import annotations

from csto_anki.note.note_type import FIELD_IDS, TEMPLATES


def test_the_note_type_is_frozen() -> None:
    """Anki stops all updates of a learner's notes when a field or template comes, goes, moves or loses its id."""
    assert FIELD_IDS == (
        ("Question", 3611183800816671976),
        ("Answer", 1465832304496501562),
        ("Reverse", 1120969319229613724),
        ("ReverseAnswer", 515518777942895660),
        ("About", 535518968357340626),
        ("Detail", 903509247464409653),
        ("Mnemonic", 3515457824976210898),
        ("Image", 1343456151863589881),
        ("AnswerImage", 1420971864395565180),
        ("Statements", 2752748040638799964),
        ("Reasons", 2917055626875798466),
        ("AsOf", 580498407235322553),
        ("Sources", 2964659726520006820),
        ("Retired", 3290054605939781621),
        ("Report", 2884160163739410625),
        ("Language", 1703083253887869219),
        ("Id", 2264687604650465410),
        ("Changed", 3612074020628169791),
        ("Spare1", 2830819703267876122),
        ("Spare2", 4319150948281589437),
        ("Spare3", 3202278072794216567),
        ("Spare4", 2819587239436681556),
    )
    assert TEMPLATES == (("Question", 4589345813588194791), ("Reverse", 1172705197225831172))

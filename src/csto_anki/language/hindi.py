"""The words in Hindi. The forms of practice questions are those of the Commission's own Hindi papers of 2024 and 2025.

Where no paper with a line was found (rows, the order of events, three statements that explain each other), it is put
together from lines that were.
"""

from __future__ import annotations

from csto_anki.language.hindi_site import HINDI_SITE
from csto_anki.language.words import CardWords, PracticeWords, ReleaseWords, Words

_BOTH_OF_TWO = "कथन I और कथन II दोनों सही हैं"
_BOTH_OF_THREE = "कथन II और कथन III दोनों सही हैं"

HINDI = Words(
    language="hi",
    name="हिन्दी",
    direction="ltr",
    digits="0123456789",
    fonts='"Noto Sans Devanagari", "Kohinoor Devanagari", "Nirmala UI", Mangal,',
    sentence_ends="।.?!;",
    months=(
        *("जनवरी", "फरवरी", "मार्च", "अप्रैल", "मई", "जून"),
        *("जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"),
    ),
    date="{day} {month} {year}",
    month="{month} {year}",
    decade="{year} का दशक",
    card=CardWords(
        as_of="{} तक की स्थिति",
        changed="इस कार्ड के किसी पिछले संस्करण के बाद यह बदला है:",
        hint="याद रखने का सूत्र",
        instead="इसके बदले वह कार्ड पढ़िए जो इस खोज से मिलता है: {}",
        no_longer_taught="अब नहीं पढ़ाया जाता",
        report="गलती बताइए",
        sources="स्रोत",
        one_source="1 स्रोत",
        many_sources="{} स्रोत",
        version="संस्करण",
        what_changed="इसमें क्या बदला है: {} खोजिए",
    ),
    practice=PracticeWords(
        lines={
            "which statements": "उपर्युक्त कथनों में से कौन-सा/कौन-से सही है/हैं?",
            "how many statements": "उपर्युक्त कथनों में से कितने सही हैं?",
            "which pairs": "उपर्युक्त युग्मों में से कौन-सा/कौन-से सही सुमेलित है/हैं?",
            "how many pairs": "उपर्युक्त युग्मों में से कितने सही सुमेलित हैं?",
            "how many rows": "उपर्युक्त पंक्तियों में से कितनी में दी गई सूचना सही सुमेलित है?",
            "which names": "उपर्युक्त में से कौन-से {}?",
            "how many names": "उपर्युक्त में से कितने {}?",
            "explanation": "उपर्युक्त कथनों के संदर्भ में, निम्नलिखित में से कौन-सा एक सही है?",
            "which one": "",
            "order": "सबसे पहले से आरंभ करते हुए, निम्नलिखित में से कौन-सा एक, उपर्युक्त का सही कालानुक्रम है?",
        },
        statement="कथन {}:",
        listed="{} और {}",
        only="केवल {}",
        both="{} और {} दोनों",
        neither="न तो {} और न ही {}",
        counts=("शून्य", "एक", "दो", "तीन", "चार", "पाँच", "छह"),
        only_count="केवल {}",
        all_count="सभी {}",
        all_the_count="सभी {}",
        no_count="कोई भी नहीं",
        explanations_of_two=(
            f"{_BOTH_OF_TWO} तथा कथन II, कथन I की व्याख्या करता है",
            f"{_BOTH_OF_TWO} किन्तु कथन II, कथन I की व्याख्या नहीं करता है",
            "कथन I सही है किन्तु कथन II सही नहीं है",
            "कथन I सही नहीं है किन्तु कथन II सही है",
        ),
        explanations_of_three=(
            f"{_BOTH_OF_THREE} तथा वे दोनों कथन I की व्याख्या करते हैं",
            f"{_BOTH_OF_THREE} किन्तु उनमें से केवल एक, कथन I की व्याख्या करता है",
            "कथन II और कथन III में से केवल एक सही है और वह कथन I की व्याख्या करता है",
            "न तो कथन II और न ही कथन III सही है",
        ),
        correct="सही।",
        not_correct="सही नहीं।",
        explains="यह कथन I की व्याख्या करता है।",
        does_not_explain="यह कथन I की व्याख्या नहीं करता है।",
    ),
    release=ReleaseWords(
        downloads="| डाउनलोड | इसमें क्या है | नोट | कार्ड |",
        everything="पूरा डेक",
        part_or_whole="दोनों एक ही डेक हैं: आप छोटे भाग से शुरू करके बाद में पूरा डेक आयात कर सकते हैं। आपका कुछ भी नहीं खोता।",
        first_release="इसमें क्या है",
        by_topic="विषय के अनुसार:",
        tags="| टैग | किस बारे में | नोट |",
        a_part_of_it="केवल एक भाग पढ़ने के लिए",
        how_to_search="*Browse* में खोजिए। फिर बाकी नोट निलंबित (*Suspend*) कीजिए, या जो मिले उनका फ़िल्टर्ड डेक (*Filtered deck*) बनाइए:",
        searches="| खोज | क्या मिलता है | नोट |",
        import_it="आयात करने के लिए",
        how_to_import="फ़ाइल को Anki, AnkiDroid या AnkiMobile में खोलिए और विकल्प जैसे हैं वैसे ही रहने दीजिए: *Update notes* और "
        "*Update note types* पर *If newer*; *Import any learning progress*, *Import any deck presets* और *Merge note types* पर "
        "कोई टिक नहीं।",
        can_change="जो अब भी बदल सकता है",
        can_change_text="इस संस्करण में {date} के बाद का कुछ नहीं है। परीक्षा से पहले इन्हें समाचारों में जाँच लीजिए। हर तथ्य दी गई\nतिथि "
        "तक सही था:",
        as_of="{question} ({date} तक की स्थिति)",
        since="{version} के बाद: {what}।",
        headings={
            "fact": "बदले हुए तथ्य: इन्हें फिर से सीखना है",
            "added": "नए",
            "wording": "शब्दों में सुधार",
            "retired": "अब नहीं पढ़ाए जाते",
            "silent": "नोट के अगले बदलाव तक रोके गए, क्योंकि केवल “तक की स्थिति” की तिथि, स्रोत, टैग या मार्कअप बदला है",
            "gone": "नए संस्करण में नहीं हैं: अब नहीं पढ़ाए जाते या हटाए गए",
        },
        summaries={
            "fact": "बदले हुए तथ्य: {}",
            "added": "नए: {}",
            "wording": "शब्दों में सुधार: {}",
            "retired": "अब नहीं पढ़ाए जाते: {}",
            "silent": "रोके गए: {}",
            "gone": "नए संस्करण में नहीं (अब नहीं पढ़ाए जाते या हटाए गए): {}",
        },
        order_changed="क्रम बदला है",
        looks_changed="कार्ड का रूप बदला है",
        no_difference="कोई अंतर नहीं",
        labels={
            "question": "प्रश्न",
            "answer": "उत्तर",
            "reverse": "उलटा प्रश्न",
            "reverse answer": "उलटे प्रश्न का उत्तर",
        },
        held_back="ऐसे नोट, जिनमें केवल “तक की स्थिति” की तिथि, कोई स्रोत, कोई टैग या मार्कअप नया है: {count}। नए सीखने वालों को यह अभी मिलता है। "
        "यदि नोट आपके पास पहले से है, तो यह उसके अगले बदलाव के साथ मिलेगा, क्योंकि नोट को बदलने से उसमें लिखे आपके शब्द मिट जाते हैं।",
        before_import="आयात करने से पहले",
        what_stays="दोहराने का आपका कार्यक्रम, झंडे (*flags*) और निलंबित कार्ड वैसे ही रहते हैं, और जिन कार्डों को आपने दूसरे डेक में रखा है, वे वहीं रहते हैं।",
        replaced="आपके अपने शब्द और टैग सभी नोटों में बने रहते हैं, सिवाय उनके जिन्हें यह संस्करण पूरा बदल देता है (संख्या: {count})। इन्हें *Browse* "
        "में इस खोज से ढूँढ़िए। यदि आपने इनमें से किसी में कुछ लिखा है, तो आयात से पहले उसे अपने बनाए किसी नोट में उतार लीजिए:",
        who_wins="यदि आपने इनमें से किसी में {time} के बाद कुछ लिखा है, तो आपका नोट बना रहता है: वह वैसा ही रहेगा, और उसका सुधार आपको नहीं मिलेगा।",
        nothing_replaced="आपके अपने शब्द और टैग भी बने रहते हैं, क्योंकि आपके पास का कोई नोट बदला नहीं जाता।",
        new_order="नए कार्ड अब दूसरे क्रम में आते हैं। इससे उन कार्डों का क्रम नहीं बदलता जो आपके पास पहले से हैं।",
        new_looks="इस संस्करण में कार्डों का रूप बदला है। यदि आपने उनकी स्टाइलिंग या एडिटर के फ़ॉन्ट बदले थे, तो आपके वे बदलाव मिट जाएँगे।",
        other_sorting="यदि *Browse* इन नोटों को पहले फ़ील्ड के बजाय किसी और फ़ील्ड से क्रमबद्ध करता है (*Manage Note Types > Fields > Sort by this "
        "field in the browser*), तो फ़ाइल दो बार आयात कीजिए: पहले *Update note types* को *Never* पर रखकर, फिर विकल्प जैसे हैं वैसे ही। नहीं तो कोई "
        "सुधार नहीं मिलेगा।",
        other_note_type="यदि आपने नोट टाइप *{note_type}* में कोई फ़ील्ड या कार्ड टाइप जोड़ा, हटाया या खिसकाया है, तो *Merge note types* चुनिए और *Update "
        "note types* को *Never* पर रखिए। नहीं तो कोई सुधार नहीं मिलेगा।",
        retired_text="ऊपर की फ़ाइलों में वे कार्ड नहीं हैं जो इस या किसी पिछले संस्करण में हटाए गए। यदि ये कार्ड आपके पास हैं, तो वे वैसे ही रहते हैं। यह खोज "
        "उन सबको ढूँढ़ती है। उन्हें निलंबित कीजिए या मिटा दीजिए; ऊपर की फ़ाइलें उन्हें वापस नहीं लातीं:",
        retired_package="यदि आप हर कार्ड पर पढ़ना चाहते हैं कि वह अब क्यों नहीं पढ़ाया जाता, तो {file} भी आयात कीजिए। वह इन नोटों को आपके शब्दों और "
        "टैगों सहित पूरा बदल देती है। जिन्हें आपने मिटाया था, उन्हें वापस लाती है, और जो आपके पास कभी नहीं थे, उन्हें जोड़ देती है।",
        find_changes="आयात के बाद, Anki में बदलाव ढूँढ़ने के लिए",
        finds="| खोज | क्या मिलता है |",
        meanings={
            "fact": "जो तथ्य अब अलग है: इन कार्डों को चुनकर *Reset* (पुराने संस्करणों में *Forget*) कीजिए और फिर से सीखिए",
            "wording": "जिसके शब्द अब बेहतर हैं; आपको कुछ नहीं करना है",
            "added": "जो नया है",
        },
        all_changes="जो कुछ पहली बार जारी होने के बाद बदला है",
        behind="जिन नोटों का मूल पाठ अनुवाद के बाद बदल गया है, वे दूसरी भाषा के डेक से पुराने हो सकते हैं (संख्या: {count}):",
        checksums="चेकसम (SHA-256)",
        made_with="{libraries} से बना; इनके दूसरे संस्करणों के साथ उन्हीं कार्डों से अलग बाइट वाली फ़ाइल बनती है।",
        only_part="केवल `{}`",
        what_is_new="क्या नया है",
        checksum_file="चेकसम",
        message="{title}: Anki के लिए फ़्लैशकार्ड, संस्करण {version}{news}",
        message_news="{version} के बाद: {counts}",
        message_counts={"added": "नए {}", "fact": "बदले हुए {}", "wording": "सुधारे हुए {}"},
        begin_with="इस फ़ाइल से शुरू कीजिए",
        the_file="फ़ाइल",
        all_of_it="पूरा डेक, अभी या बाद में",
        one_card="1 कार्ड",
        many_cards="{} कार्ड",
        install="AnkiDroid (Android, निःशुल्क), AnkiMobile (iPhone) या Anki इंस्टॉल कीजिए।",
        save_file="फ़ाइल को Downloads में सेव कीजिए। उसे यहीं चैट में न खोलिए: AnkiDroid में वह नहीं खुलती।",
        import_file="आयात कीजिए। AnkiDroid: ⋮ > Import, फिर Downloads में उसे चुनिए। Anki: File > Import।",
        on_iphone="AnkiMobile: उस पर टैप कीजिए, Share, Anki। कोई विकल्प न बदलिए।",
        have_it_already="डेक आपके पास पहले से है? {file} के साथ यही कीजिए: आपकी प्रगति बनी रहती है।",
        second_file="दूसरी फ़ाइल",
        this_file="इसी फ़ाइल",
        card_is_wrong="कोई कार्ड गलत है? उसके पीछे की अंतिम पंक्ति में लिखी id के साथ उत्तर दीजिए।",
        checksum_of="{} का SHA-256:",
        facts_on_cards="**{notes} तथ्य, {cards} कार्ड**, विषय के अनुसार:",
        learn_first="**पहले क्या सीखना है:** हर तथ्य पर इनमें से एक टैग है:",
        newest_version="**नवीनतम संस्करण**: {address}",
        licence="**लाइसेंस**: {licence}",
    ),
    site=HINDI_SITE,
)

//! The words that headings are made of, as tables: keywords by rank, named sections, words over a
//! list of contents, months and days. All are folded (lower case, without accents).
//!
//! It knows words only. A keyword that is missing here is still learned from the text itself
//! ([`learned`](super::learned)).

use foldhash::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::formats::plain::numerals::fold;
use crate::formats::plain::starts::Starts;

/// How high a keyword stands: 0 volume, 1 book or part, 2 chapter, act or letter, 3 section or
/// scene.
pub(super) type Rank = u8;

/// Bare numbers stand below every keyword.
pub(super) const RANK_BARE: Rank = 4;

/// Rows of (rank, spellings of one keyword).
const KEYWORDS: &[(Rank, &str)] = &[
    (0, "volume vol volumen tome tom tomo volumi volum том τομος cilt المجلد جلد כרך खंड"),
    (0, "band bd bind"),
    (0, "kotet"),
    (1, "epoch epoque epoche epoca эпоха period periode periodo период phase narrative"),
    (1, "cycle cyclus division series"),
    (1, "book الكتاب ספר kitap livre libro buch boek liber книга kniha ksiega bok bog kirja konyv livro libri βιβλιο"),
    (
        1,
        "part deo dil cast частина القسم الجزء جزء بخش חלק भाग kisim partea partie parte teil theil deel часть czesc del osa resz μερος pt cast",
    ),
    (
        2,
        "chapter chap ch chaptre poglavlje poglavje поглавље pennod caibidil peatukk nodala skyrius capitolul kapitulli capitel hauptstuck capitulum capitolul κεφαλαιον розділ розділу глава поглавие bolum bab chuong kabanata ĉapitro الفصل فصل الباب باب פרק अध्याय kapitlet kapittlet capitol chapitre capitulo capitolo kapitel kapittel kap cap caput hoofdstuk rozdzial luku fejezet глава kapitola κεφαλαιο capitol",
    ),
    (2, "act actus acte akt aufzug atto acto действие akti felvonas handling bedrijf πραξη ato"),
    (2, "letter lettre brief carta lettera письмо epistle epistola kirje brev"),
    (2, "canto chant gesang песнь песня zang sang runo piesn enek ραψωδια cantar"),
    (2, "article artikel articulo articolo artikkel artykul cikk статья стаття artigo artikla αρθρο"),
    (2, "stave"),
    (2, "psalm psaume"),
    (2, "fable fabel fabula басня"),
    (2, "lecture vorlesung lecon leccion lezione лекция"),
    (2, "essay essai"),
    (2, "sonnet sonett soneto"),
    (2, "sermon predigt"),
    (2, "dialogue dialog dialogo conversation gesprach"),
    (2, "lesson lektion"),
    (2, "adventure abenteuer aventure aventiure"),
    (2, "night nuit nacht ночь noche notte"),
    (2, "novel tale story conte novella erzahlung рассказ"),
    (2, "day tag jour giornata jornada день"),
    (2, "meditation discourse discours treatise tract"),
    (2, "ode elegy elegie hymn idyll eclogue"),
    (2, "episode folge"),
    (2, "module unit step problem exercise experiment case"),
    (2, "passus fit fytte rhapsody georgic satire parable homily vision"),
    (2, "proposition theorem question maxim rule"),
    (2, "week month hour watch"),
    (3, "section sektion seccion sezione abschnitt sect раздел rozdelenie paragraph §"),
    (3, "scene scoena scaena szene auftritt escena scena сцена явление jelenet cena tableau картина"),
    (3, "stanza strophe"),
];

/// Units that follow a Chinese, Japanese or Korean number: 第三回, 제3장.
const UNITS: &[(Rank, &str)] =
    &[(0, "卷巻册冊권"), (1, "部篇編编편부集辑輯"), (2, "回章話话折齣出幕장화막講讲夜条條조帖"), (3, "节節절段场場景")];

/// Headings that stand without a number.
const NAMED: &str = "preface|foreword|introduction|prologue|prolog|epilogue|epilog|prelude|interlude|finale|afterword|conclusion|\
postscript|appendix|glossary|bibliography|index|introductory|dedication|acknowledgments|acknowledgements|preamble|\
vorwort|vorrede|einleitung|nachwort|vorspiel|nachspiel|anhang|schluss|zueignung|widmung|\
avant-propos|avertissement|avant propos|epilogue|preface de l'auteur|postface|introduccion|prefacio|prologo|epilogo|prefazione|\
introduzione|conclusione|conclusion|al lector|dedicatoria|conclusao|introducao|apendice|appendice|\
voorwoord|inleiding|nawoord|besluit|forord|forord|forord|innledning|inledning|indledning|efterord|etterord|epilogi|prologi|esipuhe|\
johdanto|jalkisanat|wstep|przedmowa|zakonczenie|eloszo|utoszo|bevezetes|bevezeto|\
пролог|эпилог|предисловие|введение|вступление|послесловие|заключение|посвящение|примечания|от автора|приложение|интродукция|\
προλογος|επιλογος|εισαγωγη|\
楔子|序|序章|序言|序幕|自序|前言|引子|引言|后记|後記|後书き|あとがき|まえがき|はしがき|尾声|尾聲|终章|終章|跋|附录|附錄|緒言|결말|서문|머리말|프롤로그|에필로그|\
author's note|author's preface|author's introduction|translator's preface|translator's note|editor's preface|editor's note|\
to the reader|publisher's note|a note on the text|etymology|l'envoi|envoi|coda|overture|induction|argument|notes";

/// Words over a list of contents or of pictures.
const CONTENTS: &str = "contents|table of contents|the contents|list of contents|list of illustrations|illustrations|list of plates|\
contents of volume|list of figures|list of tables|list of maps|list of stories|\
inhalt|inhaltsverzeichnis|inhaltsubersicht|verzeichnis|inhalts-verzeichnis|table des matieres|table|sommaire|indice|indice general|\
tabla de contenido|contenido|sommario|inhoud|inhoudsopgave|indhold|innhold|innehall|sisalto|sisallys|sisallysluettelo|spis tresci|spis rzeczy|\
tartalom|tartalomjegyzek|оглавление|содержание|зміст|obsah|cuprins|περιεχομενα|目录|目錄|目次|차례|목차|المحتويات|الفهرس|فهرس|تוכן העניינים|תוכן|\
विषय सूची|icindekiler|conteudo|sumario";

/// Bytes of a line that says so, with signs and spaces in it.
const CONTENTS_BYTES_MAX: usize = 60;

/// The same over the list of a part.
const CONTENTS_OF: [&str; 7] =
    ["contents of ", "contents to ", "inhalt des ", "table des ", "indice de", "содержание ", "оглавление "];

/// Month names in full and short, as stems: a word that begins with one is that month, if it has
/// at most three letters more.
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "januar",
    "februar",
    "marz",
    "maerz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "gennaio",
    "febbraio",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "settembre",
    "ottobre",
    "dicembre",
    "janeiro",
    "fevereiro",
    "marco",
    "maio",
    "junho",
    "julho",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
    "januari",
    "februari",
    "maart",
    "mei",
    "augustus",
    "augusti",
    "desember",
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "wrzesnia",
    "pazdziernika",
    "listopada",
    "grudnia",
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sept",
    "sep",
    "oct",
    "okt",
    "nov",
    "dec",
    "dez",
];

/// Names of days.
const WEEKDAYS: &str = "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun montag dienstag \
mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves \
viernes sabado domingo lunedi martedi mercoledi giovedi venerdi sabato domenica maandag dinsdag woensdag donderdag vrijdag zaterdag \
zondag понедельник вторник среда четверг пятница суббота воскресенье";
/// The small words of a date.
const DAYS: &str = "the of de den der le la du del di el am an am on in do e year \
morning evening night noon midnight later same day o'clock a.m p.m года г anno";

/// Names of sections that a title may follow.
pub(super) const APPENDIX: [&str; 4] = ["appendix", "anhang", "appendice", "приложение"];

static KEYWORD_RANKS: LazyLock<HashMap<&str, (Rank, u16)>> = LazyLock::new(|| {
    let rows = KEYWORDS.iter().enumerate();
    rows.flat_map(|(row, (rank, words))| words.split(' ').map(move |w| (w, (*rank, row as u16)))).collect()
});
static NAMED_SECTIONS: LazyLock<HashSet<&str>> = LazyLock::new(|| NAMED.split('|').collect());
static CONTENTS_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| CONTENTS.split('|').collect());
static WEEKDAY_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| WEEKDAYS.split_whitespace().collect());
static DAY_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| DAYS.split_whitespace().collect());
static MONTH_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| MONTHS.iter().copied().collect());

/// The rank of a keyword and the number of its row, which its spellings share.
pub(super) fn keyword(word: &str) -> Option<(Rank, u16)> {
    static STARTS: LazyLock<Starts> = LazyLock::new(|| Starts::of(KEYWORD_RANKS.keys().copied()));
    if word.len() > 32 {
        return None;
    }
    if !STARTS.may_open(word) {
        // A misprint may stand in its first letters.
        return if word.is_ascii() { misprinted(word) } else { misprinted(&fold(word)) };
    }
    let folded = fold(word);
    KEYWORD_RANKS.get(folded.as_str()).copied().or_else(|| misprinted(&folded))
}

/// A long keyword with one wrong letter, as scanners leave it: `CHAPTEE`.
fn misprinted(word: &str) -> Option<(Rank, u16)> {
    const LONG: [&str; 6] = ["chapter", "chapitre", "kapitel", "capitulo", "capitolo", "hoofdstuk"];
    let differs = |long: &str| long.bytes().zip(word.bytes()).filter(|(a, b)| !a.eq_ignore_ascii_case(b)).count();
    let meant = LONG.iter().find(|long| long.len() == word.len() && differs(long) == 1)?;
    KEYWORD_RANKS.get(meant).copied()
}

/// The same for the unit after a Chinese, Japanese or Korean number.
pub(super) fn unit(c: char) -> Option<(Rank, u16)> {
    // Rows of their own, after those of the words: one for each character.
    let (rank, _) = UNITS.iter().find(|(_, units)| units.contains(c))?;
    Some((*rank, (u32::from(c) & 0x7FFF) as u16 | 0x8000))
}

/// Whether a line may be or begin with the name of a section.
pub(super) fn may_name_section(line: &str) -> bool {
    static STARTS: LazyLock<Starts> =
        LazyLock::new(|| Starts::of(NAMED_SECTIONS.iter().copied().chain(APPENDIX.iter().copied())));
    STARTS.may_open(line)
}

/// Whether a line, without its closing mark, is the name of a section (`Preface`, `Эпилог`).
pub(super) fn is_named_section(line: &str) -> bool {
    if line.len() > 80 {
        return false;
    }
    let folded = fold(line.trim_end_matches(['.', ':', '—', '-', ' ']));
    let folded = folded.replace('’', "'");
    NAMED_SECTIONS.contains(folded.as_str())
}

/// Whether a line stands over a list of contents.
pub(super) fn is_contents_word(line: &str) -> bool {
    if line.len() > CONTENTS_BYTES_MAX || !may_say_contents(line) {
        return false;
    }
    let bare: String = fold(line.trim_matches(['.', ':', '—', '-', ' ', '[', ']', '【', '】', '　']));
    // `C O N T E N T S`, `目　次`.
    let joined: String = bare.split(' ').collect();
    let spaced = bare.split(' ').all(|w| w.chars().count() == 1);
    let opens_high = line.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase());
    opens_high && line.len() <= 50 && CONTENTS_OF.iter().any(|opening| bare.starts_with(opening))
        || CONTENTS_WORDS.contains(bare.as_str())
        || spaced && CONTENTS_WORDS.contains(joined.as_str())
}

/// Whether a line begins as one of the words over a list does. A line of small letters or of several
/// sentences does not, and most lines of prose are told by their first two letters.
fn may_say_contents(line: &str) -> bool {
    static STARTS: LazyLock<Starts> =
        LazyLock::new(|| Starts::of(CONTENTS.split('|').chain(CONTENTS_OF.iter().copied())));
    let bare = line.trim_start_matches(['.', ':', '—', '-', ' ', '[']);
    match bare.as_bytes() {
        // A mark of quotation.
        [0xE2 | b'"' | b'\'', ..] => false,
        // Of letters set apart, accents and other scripts nothing is known.
        _ => STARTS.may_open(bare),
    }
}

/// Whether a folded word is the name of a month.
pub(super) fn is_month(folded: &str) -> bool {
    MONTH_WORDS.contains(folded)
}

/// Whether a folded word is the name of a day of the week.
pub(super) fn is_weekday(folded: &str) -> bool {
    WEEKDAY_WORDS.contains(folded)
}

/// Whether a folded word is the name of a day, or a small word that dates are written with.
pub(super) fn is_day_word(folded: &str) -> bool {
    DAY_WORDS.contains(folded) || is_weekday(folded)
}

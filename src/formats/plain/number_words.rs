//! Numbers as words: a table, by value, of cardinals and ordinals in twelve languages, folded
//! (lower case, without accents). It knows words only; [`numerals`](super::numerals) composes
//! them into numbers.

/// Whole words: (value, words).
pub(super) const WORDS: &[(u32, &str)] = &[
    (
        1,
        "الأول الأولى اول یکم ראשון birinci prvni πρωτο πρωτος prima primul one first primus primum ein eins erste erster erstes ersten un une premier premiere uno una primero primera primer prima primo um uma \
         primeiro primeira een eerste jeden pierwszy pierwsza pierwsze en ett et forste forsta yksi ensimmainen egy elso один одна одно",
    ),
    (
        2,
        "الثاني الثانية دوم שני ikinci druhy druha δευτερο δευτερος two second secundus secunda zwei zweite zweiter zweites zweiten deux deuxieme seconde dos segundo segunda due secondo seconda dois duas twee \
         tweede dwa drugi druga drugie to tva anden andra andre annet kaksi toinen ketto masodik два две",
    ),
    (
        3,
        "الثالث الثالثة سوم שלישי ucuncu treti τριτο τριτος three third tertius tertia drei dritte dritter drittes dritten trois troisieme tres tercero tercera tercer tre terzo terza terceiro terceira \
         drie derde trzy trzeci trzecia trzecie tredje kolme kolmas harom harmadik три",
    ),
    (
        4,
        "الرابع الرابعة چهارم רביעי dorduncu ctvrty ctvrta τεταρτο four fourth quartus vier vierte vierter viertes vierten quatre quatrieme cuatro cuarto cuarta quattro quarto quarta quatro vierde cztery \
         czwarty czwarta czwarte fire fyra fjerde fjarde nelja neljas negy negyedik четыре",
    ),
    (
        5,
        "الخامس الخامسة پنجم חמישי besinci paty pata πεμπτο five fifth quintus funf funfte funfter funftes funften cinq cinquieme cinco quinto quinta cinque vijf vijfde piec piaty piata piate fem \
         femte viisi viides ot otodik пять",
    ),
    (
        6,
        "السادس السادسة ششم שישי altinci sesty sesta εκτο six sixth sextus sechs sechste sechster sechstes sechsten sixieme seis sexto sexta sei sesto sesta zes zesde szesc szosty szosta szoste \
         seks sex sjette sjatte kuusi kuudes hat hatodik шесть",
    ),
    (
        7,
        "السابع السابعة هفتم שביעי yedinci sedmy sedma εβδομο seven seventh septimus sieben siebte siebter siebtes siebten siebente siebentes siebenter sept septieme siete septimo septima sette settimo \
         settima sete setimo setima zeven zevende siedem siodmy siodma siodme syv sju syvende sjunde seitseman seitsemas het hetedik семь",
    ),
    (
        8,
        "الثامن الثامنة هشتم שמיני sekizinci ογδοο eight eighth acht achte achter achtes achten huit huitieme ocho octavo octava otto ottavo ottava oito oitavo oitava achtste osiem \
         osmy osma osme atte atta ottende attonde attende kahdeksan kahdeksas nyolc nyolcadik восемь",
    ),
    (
        9,
        "التاسع التاسعة نهم תשיעי dokuzuncu devaty devata ενατο nine ninth neun neunte neunter neuntes neunten neuf neuvieme nueve noveno novena nove nono nona negen negende dziewiec dziewiaty \
         dziewiata dziewiate ni nio niende nionde yhdeksan yhdeksas kilenc kilencedik девять",
    ),
    (
        10,
        "العاشر العاشرة دهم עשירי onuncu desaty desata δεκατο ten tenth zehn zehnte zehnter zehntes zehnten dix dixieme diez decimo decima dieci dez tien tiende dziesiec dziesiaty dziesiata \
         dziesiate ti tio tionde kymmenen kymmenes tiz tizedik десять",
    ),
    (
        11,
        "eleven eleventh elf elfte elfter elftes elften onze onzieme once undecimo undecima undici elfde jedenascie jedenasty jedenasta \
         elleve elva ellevte elfte yksitoista yhdestoista tizenegy tizenegyedik",
    ),
    (
        12,
        "twelve twelfth zwolf zwolfte zwolfter zwolftes zwolften douze douzieme doce duodecimo duodecima dodici doze twaalf twaalfde \
         dwanascie dwunasty dwunasta tolv tolvte tolfte kaksitoista kahdestoista tizenketto tizenkettedik",
    ),
    (
        13,
        "thirteen thirteenth dreizehn dreizehnte dreizehnter dreizehntes treize treizieme trece decimotercero tredici treze dertien \
         dertiende trzynascie trzynasty trzynasta tretten tretton kolmetoista kolmastoista tizenharom tizenharmadik",
    ),
    (
        14,
        "fourteen fourteenth vierzehn vierzehnte vierzehnter vierzehntes quatorze quatorzieme catorce decimocuarto quattordici catorze \
         veertien veertiende czternascie czternasty czternasta fjorten fjorton neljatoista neljastoista tizennegy tizennegyedik",
    ),
    (
        15,
        "fifteen fifteenth funfzehn funfzehnte funfzehnter funfzehntes quinze quinzieme quince decimoquinto quindici vijftien vijftiende \
         pietnascie pietnasty pietnasta femten femton viisitoista viidestoista tizenot tizenotodik",
    ),
    (
        16,
        "sixteen sixteenth sechzehn sechzehnte sechzehnter sechzehntes seize seizieme dieciseis decimosexto sedici dezesseis dezasseis \
         zestien zestiende szesnascie szesnasty szesnasta seksten sexton kuusitoista tizenhat tizenhatodik",
    ),
    (
        17,
        "seventeen seventeenth siebzehn siebzehnte siebzehnter siebzehntes diecisiete decimoseptimo diciassette dezessete dezassete \
         zeventien zeventiende siedemnascie siedemnasty siedemnasta sytten sjutton seitsemantoista tizenhet tizenhetedik",
    ),
    (
        18,
        "eighteen eighteenth achtzehn achtzehnte achtzehnter achtzehntes dieciocho decimoctavo diciotto dezoito achttien achttiende \
         osiemnascie osiemnasty osiemnasta atten arton kahdeksantoista tizennyolc tizennyolcadik",
    ),
    (
        19,
        "nineteen nineteenth neunzehn neunzehnte neunzehnter neunzehntes diecinueve decimonoveno diciannove dezenove dezanove negentien \
         negentiende dziewietnascie dziewietnasty dziewietnasta nitten nitton yhdeksantoista tizenkilenc tizenkilencedik",
    ),
    (
        20,
        "twenty twentieth zwanzig zwanzigste zwanzigster zwanzigstes vingt vingtieme veinte vigesimo vigesima venti vinte twintig twintigste \
         dwadziescia dwudziesty dwudziesta tyve tjugo tjugonde tyvende kaksikymmenta husz huszadik",
    ),
    (
        30,
        "thirty thirtieth dreissig dreissigste dreissigstes dreissigster trente trentieme treinta trigesimo trenta trinta dertig dertigste \
         trzydziesci trzydziesty trzydziesta tredive tretti trettio kolmekymmenta harminc harmincadik",
    ),
    (
        40,
        "forty fortieth vierzig vierzigste vierzigstes quarante quarantieme cuarenta cuadragesimo quaranta quarenta veertig veertigste \
         czterdziesci czterdziesty fyrre fyrtio neljakymmenta negyven negyvenedik",
    ),
    (
        50,
        "fifty fiftieth funfzig funfzigste cinquante cinquantieme cincuenta cinquanta cinquenta vijftig piecdziesiat femtio otven",
    ),
    (
        60,
        "sixty sixtieth sechzig sechzigste soixante soixantieme sesenta sessanta sessenta zestig szescdziesiat sextio hatvan",
    ),
    (70, "seventy seventieth siebzig siebzigste septante setenta settanta zeventig siedemdziesiat sjuttio hetven"),
    (80, "eighty eightieth achtzig achtzigste ochenta ottanta oitenta tachtig osiemdziesiat nyolcvan"),
    (90, "ninety ninetieth neunzig neunzigste noventa novanta negentig dziewiecdziesiat kilencven"),
    (
        100,
        "hundred hundredth hundert hundertste cent centieme cien ciento cento cem honderd sto hundrede hundra sata szaz",
    ),
];

/// Stems of Slavic ordinals, the longer before its own beginning: a word that starts with one
/// and goes on with an ending of an adjective is that ordinal.
pub(super) const STEMS: &[(u32, &str)] = &[
    (11, "одиннадцат"),
    (12, "двенадцат"),
    (13, "тринадцат"),
    (14, "четырнадцат"),
    (15, "пятнадцат"),
    (16, "шестнадцат"),
    (17, "семнадцат"),
    (18, "восемнадцат"),
    (19, "девятнадцат"),
    (50, "пятидесят"),
    (60, "шестидесят"),
    (70, "семидесят"),
    (80, "восьмидесят"),
    (90, "девяност"),
    (20, "двадцат"),
    (30, "тридцат"),
    (40, "сорок"),
    (1, "перв"),
    (2, "втор"),
    (3, "трет"),
    (4, "четверт"),
    (5, "пят"),
    (6, "шест"),
    (7, "седьм"),
    (8, "восьм"),
    (9, "девят"),
    (10, "десят"),
    (100, "сот"),
];

/// Endings that a stem may take, as cardinal or ordinal in any gender.
pub(super) const STEM_ENDINGS: &[&str] = &[
    "", "ь", "ый", "ой", "ий", "ая", "ое", "ое", "ья", "ье", "ия", "ие", "овая", "овой", "овое", "ого", "ою", "о", "ом",
];

/**
 * What the non-ASCII characters of a language are, most frequent first, and which legacy encodings it was written in. The
 * orders are those of published letter frequencies; only their order counts (encoding/detect.ts).
 */
export interface Language {
  readonly name: string;
  /** Most frequent first. Capitals are derived. */
  readonly letters: string;
  /** Letters stand among ASCII letters, in words of both. */
  readonly isLatin: boolean;
  /** Of languages in Latin letters, which share most characters: words that any text has. */
  readonly words?: ReadonlySet<string>;
  readonly encodings: readonly string[];
}

const western = ['windows-1252', 'iso-8859-15', 'macintosh', 'windows-1254'];
const central = ['windows-1250', 'iso-8859-2'];
const cyrillic = ['windows-1251', 'koi8-r', 'koi8-u', 'ibm866', 'iso-8859-5', 'x-mac-cyrillic'];

const latin = (name: string, letters: string, words: string, encodings: readonly string[]): Language => ({
  name,
  letters,
  words: new Set(words.split(' ')),
  isLatin: true,
  encodings,
});
const other = (name: string, letters: string, encodings: readonly string[]): Language => ({
  name,
  letters,
  isLatin: false,
  encodings,
});

export const languages: readonly Language[] = [
  latin(
    'English',
    'éè',
    'the of and to in is that it for on was with as be at by this are from or an not',
    western,
  ),
  latin(
    'German',
    'üäöß',
    'der die das und ist sind nicht mit von für zu den sich auf ein eine werden an im bei',
    [...western, ...central],
  ),
  latin(
    'French',
    'éèàêçôîùâûëïœæ',
    'le la les et des est une un dans pour que qui sur pas avec du de au ils en',
    western,
  ),
  latin('Spanish', 'óáíéñúü', 'el la los las y de que en una un por con para es se como no del su', western),
  latin(
    'Portuguese',
    'ãçáéíóõêâúàô',
    'o os as e de que em uma um por com para não se do da dos mais no',
    western,
  ),
  latin(
    'Italian',
    'èàòùéì',
    'il la gli e di che in una un per con non si del della sono è ad dei le',
    western,
  ),
  latin('Catalan', 'àéóèíòçúïü', 'el la els les i de que en una un per amb no es del dels són', western),
  latin('Dutch', 'ëéïèö', 'de het een en van is dat niet met zijn voor op te aan door', western),
  latin('Swedish', 'äåöé', 'och att det som en är på för av med den till inte om ett de', western),
  latin('Danish, Norwegian', 'åøæé', 'og at det som en er på for af av med den til ikke om et de', western),
  latin('Icelandic', 'ðáíþóæöúýé', 'og að er sem til um með ekki það af var fyrir', [
    'windows-1252',
    'macintosh',
  ]),
  latin(
    'Polish',
    'łąężśóćńź',
    'i w na z do nie się jest że o po od za przez są oraz dla ich pod co',
    central,
  ),
  latin('Czech', 'íáěéýřžčšůúťňóď', 'a se na je v že s z do to ve pro jsou od co by ale jako po', central),
  latin('Slovak', 'áíčéýžšťúľôňäďóĺŕ', 'a sa na je v že s z do to vo pre sú od čo by ale ako po', central),
  latin('Hungarian', 'áéőöóíüúű', 'a az és nem hogy is egy van meg de ez volt csak mint vagy kell', central),
  latin(
    'Croatian, Slovenian',
    'čšžćđ',
    'i je u na se da za su od s o kao ali ne in so ki po pri biti',
    central,
  ),
  latin('Romanian', 'ăîâşţ', 'şi de la în cu pe nu un o care este din pentru mai sau sunt', central),
  latin('Turkish', 'ıişüğöçâî', 've bir bu da de için ile olarak çok daha ne gibi var mi olan', [
    'windows-1254',
    'iso-8859-9',
  ]),
  latin('Lithuanian', 'ėšąžųįūęč', 'ir yra kad į su iš ne tai kaip bet apie prie jo visi savo turi', [
    'windows-1257',
    'iso-8859-13',
    'iso-8859-4',
  ]),
  latin('Latvian', 'āīēšūļņķčžģ', 'un ir ka uz ar no par kas tas bet kā viņš tika pie savu viņi', [
    'windows-1257',
    'iso-8859-13',
    'iso-8859-4',
  ]),
  latin('Estonian', 'äõüöšž', 'ja on ei et see kui ta ka oma ning mis aga ning või kes', [
    'windows-1257',
    'iso-8859-13',
    'iso-8859-4',
  ]),
  other('Russian', 'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё', cyrillic),
  other('Ukrainian', 'оанивіертсклудмпязьбгчйхїжцюшщєф', cyrillic),
  other('Bulgarian', 'аиоентрсвлкдпмзгяъубчцжщхюшйфь', cyrillic),
  other('Serbian, Macedonian', 'аоиенрстјкувдмплзбгчшцжњљћхђфџѓќѕ', cyrillic),
  other('Greek', 'αοιετσνηυρπκμλςόίθάέδωγήύχώφβξζψϊϋΐ', ['windows-1253', 'iso-8859-7']),
  other('Hebrew', 'יוהלאתרבשמנםכעחדקספצגטזןךףץ', ['windows-1255', 'iso-8859-8']),
  other('Arabic', 'اليمنتروبةعدسفهكقأحجشطصخإذىثضزغءئؤظآ', ['windows-1256', 'iso-8859-6']),
  other('Persian', 'ایرنهدوتمبسشکزگفقعحخجلپصچطغذضظثآئ', ['windows-1256']),
  other('Thai', 'านรอกเงมยลวดทสตะปบคหแจพชขใไโผซธศณฐภฎฏฉฝญถษฌฮฑฒัีิ่้็์ุูำื', ['windows-874']),
];

/** Characters that writing in Japanese, Chinese or Korean mostly consists of. */
export interface Script {
  readonly name: string;
  readonly common: string;
  readonly encodings: readonly string[];
}

export const scripts: readonly Script[] = [
  {
    name: 'Japanese',
    common:
      'のにるたをとはしがでてなれいすらこあもかりっまくさきつよせけおどめうえみわろそやんちべげだずばびぶぼじぎぐごぜぞふへほねぬむゆひアイウエオカキクケコサシスセソタチツテトナニネノハヒフヘホマミムメモヤユラリルレロワンーッャュョドデガグゴジズダバパビピブプベペボポ日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨社会員場所者事業自用部方同合新開始料費約',
    encodings: ['shift_jis', 'euc-jp'],
  },
  {
    name: 'Chinese, simplified',
    common:
      '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清切院让识候带导争运姓名城北京上海价格数量电话邮箱编号公司客户地址日期合同租金',
    encodings: ['gb18030'],
  },
  {
    name: 'Chinese, traditional',
    common:
      '的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直資命山金指許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王完設式色路記南品住告類求據程北邊死張該交規萬取格望覺術領共確傳師觀清切院讓識候帶導爭運姓城台灣價格客戶地址租',
    encodings: ['big5'],
  },
  {
    name: 'Korean',
    common:
      '이다의는에을를고하가은지도로한기사리자어나시대정인해전서스일아수들부있보제만상부원구그장조동주연성안경세것여으소무비와과관우치게공계내생오위교신국조발선마들미심년적학문실회단중명식민방었거모화간진체업요당진유개산며때면반야였행할음물금용차각없권통출력등서월야분감영토본재점직품남북포건복약법양태합종최후입설노',
    encodings: ['euc-kr'],
  },
];

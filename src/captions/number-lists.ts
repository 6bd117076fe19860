/** How a language writes its numbers. */
export interface Numbers {
  /** From nought to twenty, the tens, hundred, thousand, million, in the forms that stand before what is counted. */
  readonly words: string;
  /** What may stand between two of them in one written word; absent where they are never written together. */
  readonly glue?: string;
}

/**
 * Number words by base language: of Chinese, Japanese and Korean see `number-words.ts`. "One" is an article where it is
 * the same word, and stands here for what is written together with it.
 */
export const numberLists: Readonly<Record<string, Numbers>> = {
  en: {
    words:
      'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion',
    glue: '-',
  },
  de: {
    words:
      'null ein zwei zwo drei vier fünf sechs sech sieben sieb acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend million millionen milliarde milliarden',
    glue: '(?:und)?',
  },
  fr: {
    words:
      'zéro un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente quarante cinquante soixante cent cents mille million millions milliard milliards',
    glue: '-(?:et-)?',
  },
  es: {
    words:
      'cero dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiún veintiuno veintiuna veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento doscientos doscientas trescientos trescientas cuatrocientos cuatrocientas quinientos quinientas seiscientos seiscientas setecientos setecientas ochocientos ochocientas novecientos novecientas mil millón millones',
  },
  it: {
    words:
      'zero due tre tré quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti ventuno ventun ventotto trenta trentuno trentun trentotto quaranta quarantuno quarantun quarantotto cinquanta cinquantuno cinquantun cinquantotto sessanta sessantuno sessantun sessantotto settanta settantuno settantun settantotto ottanta ottantuno ottantun ottantotto novanta novantuno novantun novantotto cento mille mila milione milioni miliardo miliardi',
    glue: '',
  },
  pt: {
    words:
      'zero dois duas três quatro cinco seis sete oito nove dez onze doze treze catorze quatorze quinze dezasseis dezesseis dezassete dezessete dezoito dezanove dezenove vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem cento duzentos duzentas trezentos trezentas quatrocentos quatrocentas quinhentos quinhentas seiscentos seiscentas setecentos setecentas oitocentos oitocentas novecentos novecentas mil milhão milhões',
  },
  nl: {
    words:
      'nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd duizend miljoen miljard',
    glue: '(?:en|ën)?',
  },
  sv: {
    words:
      'noll en ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo trettio fyrtio femtio sextio sjuttio åttio nittio hundra tusen miljon miljoner miljard miljarder',
    glue: '',
  },
  da: {
    words:
      'nul en et to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten tyve tredive fyrre halvtreds tres halvfjerds firs halvfems hundrede tusind tusinde million millioner milliard milliarder',
    glue: '(?:og)?',
  },
  nb: {
    words:
      'null en ett to tre fire fem seks sju syv åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten tjue tyve tretti tredve førti femti seksti sytti åtti nitti hundre tusen million millioner milliard milliarder',
    glue: '(?:og)?',
  },
  pl: {
    words:
      'zero jeden jedna jedno jednego jednej dwa dwie dwaj dwóch dwu dwóm dwoma dwiema trzy trzej trzech trzem trzema cztery czterej czterech czterem czterema pięć pięciu sześć sześciu siedem siedmiu osiem ośmiu dziewięć dziewięciu dziesięć dziesięciu jedenaście jedenastu dwanaście dwunastu trzynaście trzynastu czternaście czternastu piętnaście piętnastu szesnaście szesnastu siedemnaście siedemnastu osiemnaście osiemnastu dziewiętnaście dziewiętnastu dwadzieścia dwudziestu trzydzieści trzydziestu czterdzieści czterdziestu pięćdziesiąt pięćdziesięciu sześćdziesiąt sześćdziesięciu siedemdziesiąt siedemdziesięciu osiemdziesiąt osiemdziesięciu dziewięćdziesiąt dziewięćdziesięciu sto stu dwieście dwustu trzysta trzystu czterysta czterystu pięćset pięciuset sześćset sześciuset siedemset siedmiuset osiemset ośmiuset dziewięćset dziewięciuset tysiąc tysiąca tysiące tysięcy milion miliona miliony milionów',
  },
  ru: {
    words:
      'ноль нуль один одна одно одного одной два две двух двум двумя три трёх трех трём трем тремя четыре четырёх четырех четырём четырем четырьмя пять пяти пятью шесть шести шестью семь семи восемь восьми восемью девять девяти девятью десять десяти десятью одиннадцать одиннадцати двенадцать двенадцати тринадцать тринадцати четырнадцать четырнадцати пятнадцать пятнадцати шестнадцать шестнадцати семнадцать семнадцати восемнадцать восемнадцати девятнадцать девятнадцати двадцать двадцати тридцать тридцати сорок сорока пятьдесят пятидесяти шестьдесят шестидесяти семьдесят семидесяти восемьдесят восьмидесяти девяносто девяноста сто ста двести двухсот триста трёхсот трехсот четыреста четырёхсот четырехсот пятьсот пятисот шестьсот шестисот семьсот семисот восемьсот восьмисот девятьсот девятисот тысяча тысячи тысяч тысячу миллион миллиона миллионы миллионов',
  },
  uk: {
    words:
      "нуль один одна одне одного однієї два дві двох двом двома три трьох трьом трьома чотири чотирьох чотирьом чотирма п'ять п'яти п'ятьох шість шести шістьох сім семи сімох вісім восьми вісьмох дев'ять дев'яти дев'ятьох десять десяти десятьох одинадцять одинадцяти дванадцять дванадцяти тринадцять тринадцяти чотирнадцять чотирнадцяти п'ятнадцять п'ятнадцяти шістнадцять шістнадцяти сімнадцять сімнадцяти вісімнадцять вісімнадцяти дев'ятнадцять дев'ятнадцяти двадцять двадцяти тридцять тридцяти сорок сорока п'ятдесят п'ятдесяти шістдесят шістдесяти сімдесят сімдесяти вісімдесят вісімдесяти дев'яносто дев'яноста сто ста двісті двохсот триста трьохсот чотириста чотирьохсот п'ятсот п'ятисот шістсот шестисот сімсот семисот вісімсот восьмисот дев'ятсот дев'ятисот тисяча тисячі тисяч тисячу мільйон мільйона мільйони мільйонів",
  },
  hi: {
    words:
      'शून्य एक दो तीन चार पाँच पांच छह छः सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह पन्द्रह सोलह सत्रह अठारह उन्नीस बीस तीस चालीस पचास साठ सत्तर अस्सी नब्बे सौ हज़ार हजार लाख करोड़',
  },
  th: {
    words: 'ศูนย์ หนึ่ง เอ็ด สอง ยี่ สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ ร้อย พัน หมื่น แสน ล้าน',
    glue: '',
  },
};

"""Every function that Excel knows: one line each with its name, its arguments and what is particular about it.

The arguments, one letter each: ``c`` a single value (a column or array gives a result for each of its values), ``s`` a single value
where Excel takes no range of several, ``b`` all values of a range or array at once, ``a`` the same, an expression being computed as an
array even in an ordinary formula, ``r`` cells that are referred to, ``p`` cells whose place counts, ``l`` a value that is computed only
where it is wanted, ``n`` a name that is given a value, ``f`` a LAMBDA. ``[…]`` may be left out; with ``~`` an empty place between commas
is the same as left out (elsewhere it is 0, FALSE or an empty text); ``x*`` is one or more, ``(…)*`` any number of further groups, ``-`` none.

What is particular: ``xlfn``, ``xlws`` the prefix that files write; ``volatile``; ``reference`` the result may be a reference; ``array``
the result may be an array; ``catches`` takes error values without passing them on; ``numbers``, ``values`` how cells of a range are
read (text and TRUE/FALSE skipped, or counted as 0 and 1); ``place`` depends on the cell it stands in; ``scheme`` schemes may use it.
"""

TABLE = """
# 数学与三角函数
ABS              c              scheme
ACOS             c
ACOSH            c
ACOT             c              xlfn
ACOTH            c              xlfn
AGGREGATE        cca*           xlfn catches numbers
ARABIC           c              xlfn
ASIN             c
ASINH            c
ATAN             c
ATAN2            cc
ATANH            c
BASE             cc[c]          xlfn
CEILING          cc
CEILING.MATH     c[cc]          xlfn
CEILING.PRECISE  c[c]           xlfn
COMBIN           cc
COMBINA          cc             xlfn
COS              c
COSH             c
COT              c              xlfn
COTH             c              xlfn
CSC              c              xlfn
CSCH             c              xlfn
DECIMAL          cc             xlfn
DEGREES          c
ECMA.CEILING     cc             xlfn
EVEN             c
EXP              c
FACT             c
FACTDOUBLE       s
FLOOR            cc
FLOOR.MATH       c[cc]          xlfn
FLOOR.PRECISE    c[c]           xlfn
GCD              b*             numbers
INT              c              scheme
ISO.CEILING      c[c]
LCM              b*             numbers
LN               c
LOG              c[c]
LOG10            c
MDETERM          a
MINVERSE         a              array
MMULT            aa             array
MOD              cc             scheme
MROUND           s~s~
MULTINOMIAL      b*
MUNIT            c              xlfn array
ODD              c
PERCENTOF        bb             xlfn
PI               -
POWER            cc
PRODUCT          b*             numbers
QUOTIENT         ss
RADIANS          c
RAND             -              volatile
RANDARRAY        [c~c~c~c~c~]   xlfn volatile array
RANDBETWEEN      ss             volatile
ROMAN            c[c]
ROUND            c[c]
ROUNDDOWN        c[c]
ROUNDUP          c[c]
SEC              c              xlfn
SECH             c              xlfn
SEQUENCE         c~[c~c~c~]      xlfn array
SERIESSUM        sssb
SIGN             c              scheme
SIN              c
SINH             c
SQRT             c
SQRTPI           s
SUBTOTAL         cr*            catches numbers
SUM              b*             numbers scheme
SUMIF            rc[r]          scheme
SUMIFS           rrc(rc)*       scheme
SUMPRODUCT       a*             numbers scheme
SUMSQ            b*             numbers
SUMX2MY2         aa             numbers
SUMX2PY2         aa             numbers
SUMXMY2          aa             numbers
TAN              c
TANH             c
TRUNC            c[c]

# 统计
AVEDEV           b*             numbers
AVERAGE          b*             numbers scheme
AVERAGEA         b*             values
AVERAGEIF        rc[r]
AVERAGEIFS       rrc(rc)*       scheme
BETA.DIST        cccc[c~c~]     xlfn
BETA.INV         ccc[c~c~]      xlfn
BINOM.DIST       cccc           xlfn
BINOM.DIST.RANGE ccc[c]         xlfn
BINOM.INV        ccc            xlfn
CHISQ.DIST       ccc            xlfn
CHISQ.DIST.RT    cc             xlfn
CHISQ.INV        cc             xlfn
CHISQ.INV.RT     cc             xlfn
CHISQ.TEST       aa             xlfn
CONFIDENCE.NORM  ccc            xlfn
CONFIDENCE.T     ccc            xlfn
CORREL           aa             numbers
COUNT            b*             catches numbers scheme
COUNTA           b*             catches scheme
COUNTBLANK       r              catches scheme
COUNTIF          rc             catches scheme
COUNTIFS         rc(rc)*        catches scheme
COVARIANCE.P     aa             xlfn numbers
COVARIANCE.S     aa             xlfn numbers
DEVSQ            b*             numbers
EXPON.DIST       ccc            xlfn
F.DIST           cccc           xlfn
F.DIST.RT        ccc            xlfn
F.INV            ccc            xlfn
F.INV.RT         ccc            xlfn
F.TEST           aa             xlfn
FISHER           c
FISHERINV        c
FORECAST         caa            numbers
FORECAST.ETS     caa[ccc]       xlfn
FORECAST.ETS.CONFINT caa[cccc]  xlfn
FORECAST.ETS.SEASONALITY aa[cc] xlfn
FORECAST.ETS.STAT aac[ccc]      xlfn
FORECAST.LINEAR  caa            xlfn numbers
FREQUENCY        bb             array numbers
GAMMA            c              xlfn
GAMMA.DIST       cccc           xlfn
GAMMA.INV        ccc            xlfn
GAMMALN          c
GAMMALN.PRECISE  c              xlfn
GAUSS            c              xlfn
GEOMEAN          b*             numbers
GROWTH           b[b~b~c~]       array
HARMEAN          b*             numbers
HYPGEOM.DIST     ccccc          xlfn
INTERCEPT        aa             numbers
KURT             b*             numbers
LARGE            bc             numbers scheme
LINEST           b[b~c~c]        array
LOGEST           b[b~c~c]        array
LOGNORM.DIST     cccc           xlfn
LOGNORM.INV      ccc            xlfn
MAX              b*             numbers scheme
MAXA             b*             values
MAXIFS           rrc(rc)*       xlfn
MEDIAN           b*             numbers
MIN              b*             numbers scheme
MINA             b*             values
MINIFS           rrc(rc)*       xlfn
MODE.MULT        b*             xlfn array numbers
MODE.SNGL        b*             xlfn numbers
NEGBINOM.DIST    cccc           xlfn
NORM.DIST        cccc           xlfn
NORM.INV         ccc            xlfn
NORM.S.DIST      cc             xlfn
NORM.S.INV       c              xlfn
PEARSON          aa             numbers
PERCENTILE.EXC   bc             xlfn numbers
PERCENTILE.INC   bc             xlfn numbers
PERCENTRANK.EXC  bc[c]          xlfn numbers
PERCENTRANK.INC  bc[c]          xlfn numbers
PERMUT           cc
PERMUTATIONA     cc             xlfn
PHI              c              xlfn
POISSON.DIST     ccc            xlfn
PROB             aac[c]
QUARTILE.EXC     bc             xlfn numbers
QUARTILE.INC     bc             xlfn numbers
RANK.AVG         cr[c]          xlfn numbers
RANK.EQ          cr[c]          xlfn numbers
RSQ              aa             numbers
SKEW             b*             numbers
SKEW.P           b*             xlfn numbers
SLOPE            aa             numbers
SMALL            bc             numbers scheme
STANDARDIZE      ccc
STDEV.P          b*             xlfn numbers
STDEV.S          b*             xlfn numbers
STDEVA           b*             values
STDEVPA          b*             values
STEYX            aa             numbers
T.DIST           ccc            xlfn
T.DIST.2T        cc             xlfn
T.DIST.RT        cc             xlfn
T.INV            cc             xlfn
T.INV.2T         cc             xlfn
T.TEST           aacc           xlfn
TREND            b[b~b~c~]       array
TRIMMEAN         bc             numbers
VAR.P            b*             xlfn numbers
VAR.S            b*             xlfn numbers
VARA             b*             values
VARPA            b*             values
WEIBULL.DIST     cccc           xlfn
Z.TEST           bc[c]          xlfn

# 兼容性
BETADIST         ccc[c~c~]
BETAINV          ccc[c~c~]
BINOMDIST        cccc
CHIDIST          cc
CHIINV           cc
CHITEST          aa
CONFIDENCE       ccc
COVAR            aa             numbers
CRITBINOM        ccc
EXPONDIST        ccc
FDIST            ccc
FINV             ccc
FTEST            aa
GAMMADIST        cccc
GAMMAINV         ccc
HYPGEOMDIST      cccc
LOGINV           ccc
LOGNORMDIST      ccc
MODE             b*             numbers
NEGBINOMDIST     ccc
NORMDIST         cccc
NORMINV          ccc
NORMSDIST        c
NORMSINV         c
PERCENTILE       bc             numbers
PERCENTRANK      bc[c]          numbers
POISSON          ccc
QUARTILE         bc             numbers
RANK             cr[c]          numbers
STDEV            b*             numbers
STDEVP           b*             numbers
TDIST            ccc
TINV             cc
TTEST            aacc
VAR              b*             numbers
VARP             b*             numbers
WEIBULL          cccc
ZTEST            bc[c]

# 查找与引用
ADDRESS          cc[c~c~c]
ANCHORARRAY      r              xlfn reference array
AREAS            r
CHOOSE           sl*            reference scheme
CHOOSECOLS       ab*            xlfn array
CHOOSEROWS       ab*            xlfn array
COLUMN           [p]            place scheme
COLUMNS          b              scheme
DROP             ac[c~]         xlfn array
EXPAND           ac~[c~c~]       xlfn array
FIELDVALUE       cc             xlfn
FILTER           aa[l]          xlws array
FORMULATEXT      r              xlfn
GETPIVOTDATA     cr(cc)*
GROUPBY          aaf[ccaacc]    xlfn array
HLOOKUP          cbc[c]
HSTACK           a*             xlfn array
HYPERLINK        c[c]
IMAGE            c[cccc]        xlfn
INDEX            as[ss]         reference scheme
INDIRECT         c[c]           volatile reference
LOOKUP           ca[a]
MATCH            cb[c]          scheme
OFFSET           rcc[c~c~]      volatile reference
PIVOTBY          aaaf[ccccaccc] xlfn array
ROW              [p]            place scheme
ROWS             b              scheme
RTD              cc*            volatile
SINGLE           b              xlfn reference
SORT             a[c~c~c~]      xlws array
SORTBY           aa[c~](ac)*    xlfn array
TAKE             ac~[c~]        xlfn array
TOCOL            a[c~c~]        xlfn array
TOROW            a[c~c~]        xlfn array
TRANSPOSE        b              array
TRIMRANGE        a[c~c~]        xlfn reference array
UNIQUE           a[c~c~]        xlfn array
VLOOKUP          cbc[c]         scheme
VSTACK           a*             xlfn array
WRAPCOLS         ac[c~]         xlfn array
WRAPROWS         ac[c~]         xlfn array
XLOOKUP          cbb[c~c~c~]    xlfn reference
XMATCH           cb[c~c~]       xlfn

# 文本
ARRAYTOTEXT      a[c]           xlfn
ASC              c
BAHTTEXT         c
CHAR             c
CLEAN            c
CODE             c
CONCAT           b*             xlfn
CONCATENATE      c*             scheme
DBCS             c
DOLLAR           c[c]
EXACT            cc             scheme
FIND             cc[c]          scheme
FINDB            cc[c]
FIXED            c[c~c]
JIS              c
LEFT             c[c]           scheme
LEFTB            c[c]
LEN              c              scheme
LENB             c
LOWER            c
MID              ccc            scheme
MIDB             ccc
NUMBERSTRING     cc
NUMBERVALUE      c[c~c~]        xlfn
PHONETIC         r
PROPER           c
REGEXEXTRACT     cc[c~c~]       xlfn array
REGEXREPLACE     ccc[c~c~]      xlfn
REGEXTEST        cc[c~]         xlfn
REPLACE          cccc
REPLACEB         cccc
REPT             cc             scheme
RIGHT            c[c]           scheme
RIGHTB           c[c]
RMB              c[c]
SEARCH           cc[c]
SEARCHB          cc[c]
SUBSTITUTE       ccc[c]         scheme
T                b
TEXT             cc             scheme
TEXTAFTER        cb[c~c~c~c~]   xlfn
TEXTBEFORE       cb[c~c~c~c~]   xlfn
TEXTJOIN         bcb*           xlfn
TEXTSPLIT        cb[b~c~c~c~]   xlfn array
TRIM             c              scheme
UNICHAR          c              xlfn
UNICODE          c              xlfn
UPPER            c
USDOLLAR         c[c~]
VALUE            c              scheme
VALUETOTEXT      c[c]           xlfn
WIDECHAR         c

# 逻辑
AND              b*             scheme
BYCOL            af             xlfn array
BYROW            af             xlfn array
FALSE            -
IF               c[ll]          reference scheme
IFERROR          cl             catches scheme
IFNA             cl             xlfn catches
IFS              cl(cl)*        xlfn reference
LAMBDA           n*             xlfn
LET              nl(nl)*l       xlfn reference
MAKEARRAY        ccf            xlfn array
MAP              aa*            xlfn array
NOT              c              scheme
OR               b*             scheme
REDUCE           [c]af          xlfn
SCAN             [c]af          xlfn array
SWITCH           ccl*           xlfn reference
TRUE             -
XOR              b*             xlfn

# 信息
CELL             c[r]           volatile place
ERROR.TYPE       c              catches
INFO             c              volatile
ISBLANK          c              catches scheme
ISERR            c              catches
ISERROR          c              catches scheme
ISEVEN           s
ISFORMULA        p              xlfn scheme
ISLOGICAL        c              catches
ISNA             c              catches
ISNONTEXT        c              catches
ISNUMBER         c              catches scheme
ISODD            s
ISOMITTED        n              xlfn
ISREF            r              catches
ISTEXT           c              catches scheme
N                b              scheme
NA               -
SHEET            [r]            xlfn place scheme
SHEETS           [r]            xlfn
STOCKHISTORY     cc[cccccccccc] xlfn array
TYPE             b              catches

# 日期与时间
DATE             ccc            scheme
DATEDIF          ccc
DATESTRING       c
DATEVALUE        c
DAY              c              scheme
DAYS             cc             xlfn
DAYS360          cc[c]
EDATE            s~s            scheme
EOMONTH          s~s            scheme
HOUR             c
ISOWEEKNUM       c              xlfn
MINUTE           c
MONTH            c              scheme
NETWORKDAYS      ss[b]
NETWORKDAYS.INTL cc[c~b~]
NOW              -              volatile
SECOND           c
TIME             ccc
TIMEVALUE        c
TODAY            -              volatile
WEEKDAY          c[c]
WEEKNUM          s[s]
WORKDAY          ss[b]
WORKDAY.INTL     cc[c~b~]
YEAR             c              scheme
YEARFRAC         ss[s]

# 财务
ACCRINT          ssssss[s~s]
ACCRINTM         ssss[s]
AMORDEGRC        ssssss[s]
AMORLINC         ssssss[s]
COUPDAYBS        sss[s]
COUPDAYS         sss[s]
COUPDAYSNC       sss[s]
COUPNCD          sss[s]
COUPNUM          sss[s]
COUPPCD          sss[s]
CUMIPMT          ssssss
CUMPRINC         ssssss
DB               cccc[c~]
DDB              cccc[c~]
DISC             ssss[s]
DOLLARDE         ss
DOLLARFR         ss
DURATION         sssss[s]
EFFECT           ss
FV               ccc[cc]
FVSCHEDULE       sb
INTRATE          ssss[s]
IPMT             cccc[cc]
IRR              b[c~]          numbers
ISPMT            cccc
MDURATION        sssss[s]
MIRR             bcc            numbers
NOMINAL          ss
NPER             ccc[cc]
NPV              cb*            numbers
ODDFPRICE        ssssssss[s]
ODDFYIELD        ssssssss[s]
ODDLPRICE        sssssss[s]
ODDLYIELD        sssssss[s]
PDURATION        ccc            xlfn
PMT              ccc[cc]
PPMT             cccc[cc]
PRICE            ssssss[s]
PRICEDISC        ssss[s]
PRICEMAT         sssss[s]
PV               ccc[cc]
RATE             ccc[ccc~]
RECEIVED         ssss[s]
RRI              ccc            xlfn
SLN              ccc
SYD              cccc
TBILLEQ          sss
TBILLPRICE       sss
TBILLYIELD       sss
VDB              ccccc[c~c]
XIRR             bb[s~]
XNPV             sbb
YIELD            ssssss[s]
YIELDDISC        ssss[s]
YIELDMAT         sssss[s]

# 数据库
DAVERAGE         rcr            numbers
DCOUNT           rc~r           numbers
DCOUNTA          rc~r
DGET             rcr
DMAX             rcr            numbers
DMIN             rcr            numbers
DPRODUCT         rcr            numbers
DSTDEV           rcr            numbers
DSTDEVP          rcr            numbers
DSUM             rcr            numbers
DVAR             rcr            numbers
DVARP            rcr            numbers

# 工程
BESSELI          ss
BESSELJ          ss
BESSELK          ss
BESSELY          ss
BIN2DEC          s
BIN2HEX          s[s~]
BIN2OCT          s[s~]
BITAND           cc             xlfn
BITLSHIFT        cc             xlfn
BITOR            cc             xlfn
BITRSHIFT        cc             xlfn
BITXOR           cc             xlfn
COMPLEX          ss[s]
CONVERT          sss
DEC2BIN          s[s~]
DEC2HEX          s[s~]
DEC2OCT          s[s~]
DELTA            s[s]
ERF              s[s~]
ERF.PRECISE      s              xlfn
ERFC             s
ERFC.PRECISE     s              xlfn
GESTEP           s[s]
HEX2BIN          s[s~]
HEX2DEC          s
HEX2OCT          s[s~]
IMABS            s
IMAGINARY        s
IMARGUMENT       s
IMCONJUGATE      s
IMCOS            s
IMCOSH           s              xlfn
IMCOT            s              xlfn
IMCSC            s              xlfn
IMCSCH           s              xlfn
IMDIV            ss
IMEXP            s
IMLN             s
IMLOG10          s
IMLOG2           s
IMPOWER          ss
IMPRODUCT        b*
IMREAL           s
IMSEC            s              xlfn
IMSECH           s              xlfn
IMSIN            s
IMSINH           s              xlfn
IMSQRT           s
IMSUB            ss
IMSUM            b*
IMTAN            s              xlfn
OCT2BIN          s[s~]
OCT2DEC          s
OCT2HEX          s[s~]

# 多维数据集
CUBEKPIMEMBER    ccc[c]
CUBEMEMBER       cc[c]
CUBEMEMBERPROPERTY ccc
CUBERANKEDMEMBER ccc[c]
CUBESET          cc[ccc]
CUBESETCOUNT     c
CUBEVALUE        cc*

# Web
ENCODEURL        c              xlfn
FILTERXML        cc             xlfn array
WEBSERVICE       c              xlfn
"""

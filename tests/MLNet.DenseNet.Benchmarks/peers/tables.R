# Exports data sets of installed R packages as CSV files.
# Usage: Rscript tables.R FOLDER
#
# Each file has one header line. A column is n:NAME (number) or c:NAME
# (category); the last column is the label. A missing value is an empty field.
# FOLDER/index.csv lists the sets. Packages that are not installed are named and
# skipped; Debian has all of them, each with its licence:
#   r-cran-ade4 r-cran-aer r-cran-arsenal r-cran-bayesm r-cran-benchmarkmedata r-cran-cardata
#   r-cran-caret r-cran-dplyr r-cran-dslabs r-cran-epi r-cran-epitools r-cran-ggally
#   r-cran-ggeffects r-cran-ggplot2 r-cran-gss r-cran-gstat r-cran-hsaur3 r-cran-kernlab
#   r-cran-kmsurv r-cran-laeken r-cran-lme4 r-cran-locfit r-cran-matchit r-cran-mclust
#   r-cran-mice r-cran-mlmrev r-cran-mnp r-cran-modeldata r-cran-msm r-cran-multilevel
#   r-cran-nlme r-cran-ordinal r-cran-plm r-cran-pscl r-cran-psychtools r-cran-randomforest
#   r-cran-rpart r-cran-rrcov r-cran-sampling r-cran-sandwich r-cran-survey r-cran-survival
#   r-cran-th.data r-cran-vcd r-cran-vcdextra r-cran-vim r-cran-zelig

# name | package | object, or data/object | task | label | drop | categories
# drop: columns left out (identifiers, other forms of the label); * matches any text.
# categories: columns whose numbers are codes.
sets <- "
ad-proteins|modeldata|ad_data|binary|Class||
affairs|AER|Affairs|regression|affairs||
affect-film|psychTools|affect|multiclass|Film||
air-crash|vcdExtra|AirCrash|regression|Fatalities|Year|
ais-sport|locfit|ais|multiclass|sport||
ames|modeldata|ames|regression|Sale_Price||
api-schools|survey|api/apipop|regression|api00|cds,name,sname,snum,dname,dnum,cnum,flag,api99,target,growth,sch.wide,comp.imp,both,awards|
arabidopsis|lme4|Arabidopsis|regression|total.fruits||gen
arrests|carData|Arrests|binary|released||
athenstaedt|psychTools|Athenstaedt|binary|gender|FMINUS*,MPLUS*,MMINUS*,FPLUS,NGRO,FBEHAV,MBEHAV,Femininity,Masculinity,MF|STUDIE
attrition|modeldata|attrition|binary|Attrition||
bank-clients|ade4|banque|multiclass|csp||
banknote|mclust|banknote|binary|Status||
baseball|vcd|Baseball|regression|sal87|name1,name2|
belgian-municipalities|sampling|belgianmunicipalities|regression|averageincome|Commune,INS,medianincome,TaxableIncome,Totaltaxation|Province,Arrondiss
benchmark-times|benchmarkmeData|past_results_v2|regression|time|id|
beps|carData|BEPS|multiclass|vote||
bfi-gender|psychTools|bfi|binary|gender||
biomass|modeldata|biomass|regression|HHV|sample,dataset|
births|Epi|births|regression|bweight|id,lowbw,preterm|
blood-brain|caret|BloodBrain/bbbDescr|regression|logBBB||
boys-height|mice|boys|regression|hgt|bmi|
breast-feeding|KMsurv|bfeed|regression|duration|delta|race
bundesliga|vcd|Bundesliga|regression|HomeGoals|AwayGoals|
ca-schools|AER|CASchools|regression|math|district,school,read|
car-prices|modeldata|car_prices|regression|Price||
cav-state|msm|cav|multiclass|state|PTNUM,firstobs,statemax|
cells|modeldata|cells|binary|class|case|
ces-2011|carData|CES11|binary|abortion|id,weight|
check-times|modeldata|check_times|regression|check_time|package,status|
cheese|bayesm|cheese|regression|VOLUME||
chem-97|mlmRev|Chem97|regression|score|school,student,gcsecnt|
chfls-happy|HSAUR3|CHFLS|multiclass|R_happy||
chile|carData|Chile|multiclass|vote||
chorizon-lithology|VIM|chorizonDL|multiclass|LITO|?ID|
colic|VIM|colic|multiclass|outcome|hospitalID,temp_extreme_*,mucous_membranes_group|lesion_type2,lesion_type3
college-distance|AER|CollegeDistance|regression|score||
collisions|VIM|collisions|regression|number.of.persons.injured|unique.key,*.street.name,number.of.*|zip.code
concrete|modeldata|concrete|regression|compressive_strength||
contraception|mlmRev|Contraception|binary|use|woman|
cormorants|vcdExtra|Cormorants|regression|count||
cowles|carData|Cowles|binary|volunteer||
cox2|caret|cox2/cox2Descr|binary|cox2Class||
cps-1985|AER|CPS1985|regression|wage||
cps-1988|AER|CPS1988|regression|wage||
credit-card|AER|CreditCard|binary|card|share,expenditure|
credit-data|modeldata|credit_data|binary|Status||
crime-counties|plm|Crime|regression|crmrte|l*|county
depredations|carData|Depredations|regression|number|early,late|
detergent|MNP|detergent|multiclass|choice||
dhfr|caret|dhfr|binary|Y||
diamonds|ggplot2|diamonds|regression|price||
diet|Epi|diet|binary|chd|id,y,fail,dox,energy.grp|
doctor-visits|AER|DoctorVisits|regression|visits||
efc-quality|ggeffects|efc|regression|quol_5|grp,negc7d|
egsingle|mlmRev|egsingle|regression|math|childid|
equation-citations|AER|EquationCitations|regression|cites|authors,selfcites,othercites,theocites,nontheocites|
eusilc-status|laeken|eusilc|multiclass|pl030|db030,rb030,db090,rb050|
exam|mlmRev|Exam|regression|normexam|student|
fatalities|AER|Fatalities|regression|fatal|nfatal*,sfatal,fatal1*,fatal2*,afatal|
fertility|AER|Fertility2|binary|morekids||
fish|rrcov|fish|multiclass|Species||
flchain|survival|flchain|binary|death|futime,chapter|
forbes-2000|HSAUR3|Forbes2000|regression|marketvalue|rank,name|
fruit|rrcov|fruit|multiclass|cultivar||
fulmar|gstat|fulmar|regression|fulmar||
gapminder|dslabs|gapminder|regression|life_expectancy||
gbsg|survival|gbsg|binary|status|pid,rfstime|
german-credit|caret|GermanCredit|binary|Class||
glaucoma|TH.data|GlaucomaM|binary|Class||
global-warming|psychTools|globalWarm|regression|govact||partyid
greene|carData|Greene|binary|decision||
grouse-ticks|lme4|grouseticks|regression|TICKS|INDEX,cHEIGHT|
growth-study|mice|fdgs|regression|wgt|id,hgt.z,wgt.z|
gsoep-school|AER|GSOEP9402|multiclass|school||
gss-kids|AER|GSS7402|regression|kids|agefirstbirth|
gss-vocab|carData|GSSvocab|regression|vocab|ageGroup,educGroup|
gu-immun|mlmRev|guImmun|binary|immun|kid,mom|
gu-prenat|mlmRev|guPrenat|binary|prenat|kid,mom|
happy|GGally|happy|multiclass|happy|id,wtssall|
health-insurance|AER|HealthInsurance|binary|insurance||
hmda|AER|HMDA|binary|deny||
house-prices|AER|HousePrices|regression|price||
hpc|modeldata|hpc_data|multiclass|class||
icu|vcdExtra|ICU|binary|died||
imports-85|randomForest|imports85|regression|price||
income|kernlab|income|multiclass|INCOME||
innovation|sandwich|InstInnovation|regression|patents|company,cites,subsample|
journals|AER|Journals|regression|subs|title|
jura|gstat|jura/jura.pred|regression|Cd|Xloc,Yloc|
kostecki-dillon|carData|KosteckiDillon|binary|headache|id|
labor-supply|plm|LaborSupply|regression|lnhr|id|
lalonde|MatchIt|lalonde|regression|re78||
leadership|multilevel|lq2002|regression|HOSTILE|SUB,HOSTIL0*,GHOSTILE|COMPID
lending-club|modeldata|lending_club|binary|Class||
leprosy|Epi|lep|binary|d|id|
logan|survival|logan|multiclass|occupation||
ma-schools|AER|MASchools|regression|score4|district,municipality|
males|plm|Males|regression|wage|nr|
mammography|TH.data|mammoexp|multiclass|ME||
math-achieve|nlme|MathAchieve|regression|MathAch|School|
mdrr|caret|mdrr/mdrrDescr|binary|mdrrClass||
meats|modeldata|meats|regression|fat|water,protein|
medicaid-1986|AER|Medicaid1986|regression|visits||
mexico-vote|Zelig|mexico|multiclass|vote88|one|religion
mgus-2|survival|mgus2|binary|death|id,ptime,pstat,futime|
midwest|ggplot2|midwest|regression|percbelowpoverty|PID,county,percchildbelowpovert,percadultpoverty,percelderlypoverty,category|
militarized-disputes|Zelig|mid|binary|conflict||
mlc-churn|modeldata|mlc_churn|binary|churn||
mockstudy|arsenal|mockstudy|binary|fu.stat|case,fu.time,age.ord|
mood-extraversion|psychTools|msqR|regression|Extraversion|id,Sociability,Impulsivity|drug,film,form
mpg|ggplot2|mpg|regression|hwy|cty|
mpls-stops|carData|MplsStops|binary|problem|idNum,MDC|policePrecinct
mu284|sampling|MU284|regression|RMT85|LABEL,ME84|REG,CL
musk|kernlab|musk|binary|Class||
nafld|survival|nafld1|binary|status|id,case.id,futime|
nmes-1988|AER|NMES1988|regression|visits||
no2|gss|NO2|regression|no2||
nwtco|survival|nwtco|binary|rel|seqno,edrel|
olive|dslabs|olive|multiclass|area|region|
ornstein|carData|Ornstein|regression|interlocks||
oslo-material|rrcov|OsloTransect|multiclass|X.MAT|X.ID,XCOO_km,YCOO_km|
pbc-stage|survival|pbc|multiclass|stage|id,time,status|
penguins|modeldata|penguins|multiclass|species||
phd-publications|AER|PhDPublications|regression|articles||
pisa-2012|GGally|australia_PISA2012|regression|PV1MATH|PV2*,PV3*,PV4*,PV5*,PV1READ,PV1SCIE,SENWGT_STU|
pneumonia|KMsurv|pneumon|binary|hospital|chldage,agepn|region,race
political-information|pscl|politicalInformation|multiclass|y|id|
polls-2016|dslabs|polls_us_election_2016|regression|rawpoll_trump|adjpoll_*|
psid-1976|AER|PSID1976|binary|participation|hours,wage,repwage,tax,fincome|
psid-1982|AER|PSID1982|regression|wage||
psychademic|GGally|psychademic|regression|read||
pulp-lignin|VIM|pulplignin|regression|Y.Kappa|Observation|
recreation-demand|AER|RecreationDemand|regression|trips||
resume-names|AER|ResumeNames|binary|call||
retinopathy|survival|retinopathy|binary|status|id,futime|
rice-farms|plm|RiceFarms|regression|goutput|id,noutput|
rossi|carData|Rossi|binary|arrest|week,emp*|
rotterdam|survival|rotterdam|binary|recur|pid,rtime,dtime,death|
sachs|gss|Sachs|multiclass|grp||
sacramento|modeldata|Sacramento|regression|price||
salaries|carData|Salaries|regression|salary||
sat-act|psychTools|sat.act|regression|SATQ||
scots-sec|mlmRev|ScotsSec|regression|attain||
self-report|mice|selfreport|regression|wm|id,bm,br|
ses-earnings|laeken|ses|regression|earningsHour|IDunit,earnings,earningsMonth,weights*|
slid|carData|SLID|regression|wages||
smoke-ban|AER|SmokeBan|binary|smoker||
socatt|mlmRev|Socatt|regression|numpos|respond|
solder|rpart|solder|regression|skips||
soup|ordinal|soup|multiclass|SURENESS|RESP|
spam|kernlab|spam|binary|type||
spi-age|psychTools|spi|regression|age||
stackoverflow|modeldata|stackoverflow|regression|Salary||
star-math|AER|STAR|regression|math3||
std|KMsurv|std|multiclass|iinfct|obs,rinfct,time|condom
storms|dplyr|storms|regression|wind|name,category,status|
swiss-labor|AER|SwissLabor|binary|participation||
swiss-municipalities|sampling|swissmunicipalities|regression|HApoly|COM,Nom|CT,REG
teaching-ratings|AER|TeachingRatings|regression|eval|prof|
thyroid|mclust|thyroid|multiclass|Diagnosis||
ticdata|kernlab|ticdata|binary|CARAVAN||
tissue-genes|dslabs|tissue_gene_expression|multiclass|y||
titanic|vcdExtra|Titanicp|binary|survived||
transplant|survival|transplant|multiclass|event|futime|
turnout|Zelig|turnout|binary|vote||
two-class|modeldata|two_class_dat|binary|Class||
tx-housing|ggplot2|txhousing|regression|median|date|
un-1998|carData|UN98|regression|infantMortality||
us-diseases|dslabs|us_contagious_diseases|regression|count||
us-guns|AER|Guns|regression|violent|murder,robbery|
verb-agg|lme4|VerbAgg|multiclass|resp|r2,id|
vote-92|pscl|vote92|multiclass|vote||
wa-churn|modeldata|wa_churn|binary|churn||
wcgs|epitools|wcgs|binary|chd69|id,dibpat0,typechd,time169|behpat0
well-being|multilevel|bh1996|regression|WBEING|G.WBEING,W.*|GRP
wells|carData|Wells|binary|switch||
wesdr|gss|wesdr|binary|ret||
west-nile|epitools|wnv|multiclass|syndrome|id,date.*|
wine-price|VIM|wine|regression|price|winery,taster_twitter_handle,variety_main|
womenlf|carData|Womenlf|multiclass|partic||
wong|carData|Wong|regression|piq|id,viq|
wvs|carData|WVS|multiclass|poverty||
"

max_rows <- 60000
min_rows <- 150
max_columns <- 600
max_levels <- 200
min_class <- 5

note <- function(...) message(paste0(...))

pieces <- function(x) {
  if (is.na(x) || !nzchar(x)) character(0) else strsplit(x, ",", fixed = TRUE)[[1]]
}

# The table as a list of columns, or NULL.
load_set <- function(package, object, label) {
  parts <- strsplit(object, "/", fixed = TRUE)[[1]]
  from <- new.env()
  suppressWarnings(utils::data(list = parts[1], package = package, envir = from))
  object <- parts[length(parts)]
  x <- if (exists(object, from, inherits = FALSE)) get(object, from) else
    tryCatch(getExportedValue(package, object), error = function(e) NULL)
  if (is.null(x)) return(NULL)
  if (!is.data.frame(x) && is.list(x)) x <- c(as.list(as.data.frame(x$x)), list(y = x$y))
  else if (is.matrix(x)) x <- as.data.frame(x)
  columns <- as.list(x)
  attributes(columns) <- list(names = names(x))
  # Some packages keep the label in an object of its own.
  if (is.null(columns[[label]]) && exists(label, from, inherits = FALSE))
    columns[[label]] <- get(label, from)
  columns
}

clean_text <- function(x) {
  x <- as.character(x)
  x <- ifelse(validUTF8(x), x, iconv(x, "latin1", "UTF-8"))
  x <- trimws(gsub("[,\"'\r\n\t[:space:]]+", " ", enc2utf8(x)))
  x[!is.na(x) & !nzchar(x)] <- NA
  x
}

# A column as a number or as text.
plain <- function(x, as_text = FALSE) {
  if (inherits(x, "POSIXt")) return(as.numeric(as.POSIXct(x)) / 86400)
  if (inherits(x, "Date")) return(as.numeric(x))
  if (as_text || is.logical(x) || is.character(x) || (is.factor(x) && !is.ordered(x)))
    return(clean_text(if (is.factor(x)) as.character(x) else x))
  x <- as.numeric(unclass(x))
  x[!is.finite(x)] <- NA
  x
}

# Shortest of 15 or 17 digits that reads back as the same number.
number_text <- function(x) {
  out <- character(length(x))
  ok <- !is.na(x)
  v <- x[ok]
  s <- formatC(v, digits = 15, format = "g", width = 1)
  far <- as.numeric(s) != v
  s[far] <- formatC(v[far], digits = 17, format = "g", width = 1)
  out[ok] <- s
  out
}

field <- function(x) {
  if (is.numeric(x)) return(number_text(x))
  x[is.na(x)] <- ""
  x
}

distinct <- function(x) length(unique(x[!is.na(x)]))

export <- function(set, folder) {
  if (!nzchar(system.file(package = set$package))) {
    note(set$name, ": package ", set$package, " isn't installed, skipped")
    return(NULL)
  }
  x <- load_set(set$package, set$object, set$label)
  if (is.null(x) || is.null(x[[set$label]])) {
    note(set$name, ": no ", set$object, " with ", set$label, " in ", set$package, ", skipped")
    return(NULL)
  }
  for (pattern in pieces(set$drop)) {
    hit <- grepl(utils::glob2rx(pattern), names(x)) & names(x) != set$label
    if (!any(hit)) note(set$name, ": nothing to drop for ", pattern)
    x <- x[!hit]
  }
  codes <- pieces(set$categories)
  if (!all(codes %in% names(x))) note(set$name, ": no column for some categories")

  y <- plain(x[[set$label]], set$task != "regression")
  x[[set$label]] <- NULL
  x <- Map(function(v, n) plain(v, n %in% codes), x, names(x))

  keep <- !is.na(y)
  if (set$task != "regression") {
    sizes <- table(y)
    keep <- keep & y %in% names(sizes)[sizes >= min_class]
  }
  y <- y[keep]
  x <- lapply(x, function(v) v[keep])
  levels <- vapply(x, distinct, 0)
  text <- vapply(x, is.character, NA)
  x <- x[levels > 1 & !(text & levels > max_levels)]
  text <- vapply(x, is.character, NA)

  classes <- distinct(y)
  fits <- switch(set$task, regression = is.numeric(y) && classes > 1,
                 binary = classes == 2, multiclass = classes > 2)
  if (!fits || length(y) < min_rows || length(y) > max_rows ||
      length(x) < 2 || length(x) + 1 > max_columns) {
    note(set$name, ": ", length(y), " rows, ", length(x) + 1, " columns, ",
         classes, " label values, skipped")
    return(NULL)
  }

  header <- c(paste0(ifelse(text, "c:", "n:"), make.unique(clean_text(names(x)))),
              if (set$task == "regression") "n:label" else "c:label")
  lines <- do.call(paste, c(unname(lapply(c(x, list(y)), field)), sep = ","))
  out <- file(file.path(folder, paste0(set$name, ".csv")), "wb")
  writeLines(c(paste(header, collapse = ","), lines), out, useBytes = TRUE)
  close(out)

  missing <- mean(vapply(x, function(v) mean(is.na(v)), 0))
  data.frame(name = set$name, package = set$package, object = set$object,
             task = set$task, rows = length(y), numbers = sum(!text),
             categories = sum(text), missing_share = sprintf("%.4f", missing))
}

main <- function(arguments) {
  if (length(arguments) != 1) stop("usage: Rscript tables.R FOLDER")
  folder <- arguments[1]
  dir.create(folder, recursive = TRUE, showWarnings = FALSE)
  list <- utils::read.table(text = sets, sep = "|", quote = "", comment.char = "",
    fill = TRUE, colClasses = "character", strip.white = TRUE,
    col.names = c("name", "package", "object", "task", "label", "drop", "categories"))
  rows <- lapply(seq_len(nrow(list)), function(i) {
    set <- as.list(list[i, ])
    tryCatch(export(set, folder), error = function(e) {
      note(set$name, ": ", conditionMessage(e))
      NULL
    })
  })
  index <- do.call(rbind, rows)
  if (is.null(index)) stop("no set could be exported")
  names(index)[8] <- "missing share"
  utils::write.csv(index, file.path(folder, "index.csv"), row.names = FALSE, quote = FALSE)
}

main(commandArgs(trailingOnly = TRUE))

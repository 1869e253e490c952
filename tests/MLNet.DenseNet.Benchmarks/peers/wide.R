# Exports tables of hundreds to thousands of features, most of them with fewer rows, from data sets of installed R packages, and made ones, as CSV files.
# Usage: Rscript wide.R FOLDER
#
# In form as by tables.R. Debian has the packages, each with its licence:
#   r-bioc-all r-bioc-biobase r-bioc-bladderbatch r-cran-modeldata r-cran-pls

write_set <- function(folder, name, features, label) {
  known <- !is.na(label)
  features <- as.data.frame(features)[known, , drop = FALSE]
  label <- label[known]
  isNumber <- vapply(features, is.numeric, logical(1))
  names(features) <- paste0(ifelse(isNumber, "n:", "c:"), "v", seq_along(features))
  features[] <- lapply(features, function(x) if (is.numeric(x)) format(x, digits = 6, trim = TRUE) else as.character(x))
  features[is.na(features) | features == "NA"] <- ""
  features[[if (is.numeric(label)) "n:label" else "c:label"]] <- if (is.numeric(label)) format(label, digits = 9, trim = TRUE) else gsub("/", "", as.character(label))
  utils::write.csv(features, file.path(folder, paste0(name, ".csv")), row.names = FALSE, quote = FALSE)
}

dataset <- function(name, package) {
  from <- new.env()
  utils::data(list = name, package = package, envir = from)
  mget(ls(from), from)
}

main <- function(folder) {
  dir.create(folder, recursive = TRUE, showWarnings = FALSE)

  # Genes of leukaemias: which two were joined, how far the disease is, and of whom the cells are.
  all <- dataset("ALL", "ALL")$ALL
  genes <- t(Biobase::exprs(all))
  of <- Biobase::pData(all)
  joined <- grepl("^B", of$BT) & of$mol.biol %in% c("BCR/ABL", "NEG")
  write_set(folder, "all-fusion", genes[joined, ], as.character(of$mol.biol[joined]))
  staged <- of$BT %in% c("B1", "B2", "B3", "B4", "T2", "T3")
  write_set(folder, "all-stage", genes[staged, ], as.character(of$BT[staged]))
  write_set(folder, "all-sex", genes, as.character(of$sex))
  write_set(folder, "all-age", genes, of$age)
  bladder <- dataset("bladderdata", "bladderbatch")$bladderEset
  genes <- t(Biobase::exprs(bladder))
  write_set(folder, "bladder", genes[, seq(1, ncol(genes), 4)], as.character(Biobase::pData(bladder)$outcome))

  # More rows than features, or not many fewer.
  grants <- as.data.frame(dataset("grants", "modeldata")$grants_other)
  write_set(folder, "grants", grants[names(grants) != "class"], grants$class)
  speech <- as.data.frame(dataset("pd_speech", "modeldata")$pd_speech)
  write_set(folder, "pd-speech", speech[names(speech) != "class"], speech$class)
  gasoline <- dataset("gasoline", "pls")$gasoline
  write_set(folder, "gasoline", unclass(gasoline$NIR), gasoline$octane)

  # Made: 150 rows of 3,000 features, of which all, five, sixty, none or what lies behind them tell.
  set.seed(3)
  rows <- 150
  columns <- 3000
  noise <- function() matrix(rnorm(rows * columns), rows)
  x <- noise()
  write_set(folder, "made-all", x, ifelse(x %*% rnorm(columns) / sqrt(columns) + 0.3 * rnorm(rows) > 0, "a", "b"))
  x <- noise()
  write_set(folder, "made-five", x, ifelse(rowSums(x[, 1:5]) + 0.7 * rnorm(rows) > 0, "a", "b"))
  x <- noise()
  write_set(folder, "made-five-number", x, rowSums(x[, 1:5]) + rnorm(rows))
  write_set(folder, "made-none", noise(), sample(c("a", "b"), rows, replace = TRUE))
  class <- sample(4, rows, replace = TRUE)
  x <- noise()
  x[, 1:60] <- x[, 1:60] + matrix(0.8 * rnorm(4 * 60), 4)[class, ]
  write_set(folder, "made-four-classes", x, letters[class])
  behind <- matrix(rnorm(rows * 10), rows)
  write_set(folder, "made-behind", behind %*% matrix(rnorm(10 * columns) * (runif(10 * columns) < 0.2), 10) + noise(), ifelse(behind[, 1] + behind[, 2] + 0.3 * rnorm(rows) > 0, "a", "b"))
  amounts <- matrix(rnorm(rows * 4), rows)
  peaks <- vapply(c(0.2, 0.4, 0.6, 0.8), function(at) exp(-((seq(0, 1, length.out = columns) - at) / 0.1)^2), numeric(columns))
  write_set(folder, "made-spectra", amounts %*% t(peaks) + 0.02 * noise(), 2 * amounts[, 1] - amounts[, 3] + 0.1 * rnorm(rows))
}

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 1) stop("usage: Rscript wide.R FOLDER")
main(arguments[1])

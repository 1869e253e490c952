# Exports tables of hundreds to thousands of features, most of them with fewer rows, and of spectra and curves, from data sets of installed R packages, and made ones, as CSV files.
# Usage: Rscript wide.R FOLDER
#
# In form as by tables.R. Debian has the packages, each with its licence:
#   r-bioc-all r-bioc-biobase r-bioc-bladderbatch r-cran-ddalpha r-cran-modeldata r-cran-pls

source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "write_set.R"))

dataset <- function(name, package) {
  from <- new.env()
  utils::data(list = name, package = package, envir = from)
  mget(ls(from), from)
}

# Peaks of which the amounts differ, a line beneath them, the brightness of each spectrum, and noise.
spectra <- function(rows, columns, peaks, drift, scatter, noise) {
  at <- seq(0, 1, length.out = columns)
  centers <- runif(peaks)
  widths <- runif(peaks, 0.03, 0.15)
  amounts <- matrix(rgamma(rows * peaks, 2), rows)
  x <- amounts %*% t(vapply(seq_len(peaks), function(k) exp(-((at - centers[k]) / widths[k])^2), numeric(columns)))
  x <- x + drift * (rnorm(rows) %*% t(at) + rnorm(rows) %*% t(rep(1, columns)))
  x <- x * exp(scatter * rnorm(rows))
  list(x = x + noise * matrix(rnorm(rows * columns), rows), amounts = amounts)
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

  # Spectra, and curves of growing children, of eggs that flies lay, and of the populations of countries.
  gasoline <- dataset("gasoline", "pls")$gasoline
  write_set(folder, "gasoline", unclass(gasoline$NIR), gasoline$octane)
  yarn <- dataset("yarn", "pls")$yarn
  write_set(folder, "yarn", unclass(yarn$NIR), yarn$density)
  mayonnaise <- dataset("mayonnaise", "pls")$mayonnaise
  write_set(folder, "mayonnaise", unclass(mayonnaise$NIR), paste0("oil", mayonnaise$oil.type))
  meats <- as.data.frame(dataset("meats", "modeldata")$meats)
  for (part in c("water", "fat", "protein")) {
    write_set(folder, paste0("meats-", part), meats[grepl("^x_", names(meats))], meats[[part]])
  }
  # Its functions find their data where the package is attached only.
  suppressPackageStartupMessages(library(ddalpha))
  for (name in c("tecator", "growth", "medflies", "population")) {
    curves <- get(paste0("dataf.", name))()
    write_set(folder, paste0("curves-", name), t(sapply(curves$dataf, function(curve) curve$vals)), paste0("is", gsub(" ", "", unlist(curves$labels))))
  }

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

  # Made: spectra of several substances under a drift, of which one, what two make together, or the largest tells.
  set.seed(11)
  drift <- spectra(120, 200, 6, 3, 0, 0.01)
  write_set(folder, "made-drift", drift$x, drift$amounts[, 2] + 0.1 * rnorm(120))
  scatter <- spectra(300, 400, 10, 1, 0.1, 0.02)
  write_set(folder, "made-scatter", scatter$x, scatter$amounts[, 3])
  product <- spectra(400, 150, 5, 3, 0, 0.01)
  write_set(folder, "made-product", product$x, log(product$amounts[, 1]) + product$amounts[, 2]^2 / 4)
  class <- spectra(200, 250, 6, 3, 0, 0.01)
  write_set(folder, "made-class", class$x, ifelse(class$amounts[, 2] + 0.2 * rnorm(200) > 1.7, "a", "b"))
  largest <- spectra(300, 250, 8, 3, 0, 0.02)
  write_set(folder, "made-largest", largest$x, letters[max.col(largest$amounts[, 1:4])])
  band <- spectra(800, 120, 8, 3, 0.1, 0.02)
  write_set(folder, "made-band", band$x, ifelse(abs(band$amounts[, 2] - 1.7) < 0.7, "a", "b"))
}

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 1) stop("usage: Rscript wide.R FOLDER")
main(arguments[1])

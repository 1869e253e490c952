# Exports made tables in which something stands in the way: columns that tell nothing, values far from all others, or columns that tell nothing by themselves. As CSV files, in form as by tables.R.
# Usage: Rscript chance.R FOLDER

source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "write_set.R"))

indicators <- function(rows, columns, share) matrix(as.numeric(runif(rows * columns) < share), rows)

# Four columns tell.
total <- function(x) x[, 1] + 2 * x[, 2] - 3 * x[, 3] + x[, 6]

either <- function(isFirst) ifelse(isFirst, "a", "b")

main <- function(folder) {
  dir.create(folder, recursive = TRUE, showWarnings = FALSE)
  set.seed(17)
  x <- indicators(500, 400, 0.1)
  write_set(folder, "made-indicators", x, either(total(x) > 0))
  x <- indicators(1000, 1000, 0.3)
  write_set(folder, "made-many-indicators", x, either(total(x) > 0))
  x <- indicators(1000, 1000, 0.08)
  write_set(folder, "made-indicators-sum", x, total(x) + 0.1 * rnorm(1000))
  x <- indicators(3000, 2500, 0.05)
  write_set(folder, "made-words", x, either(total(x) > 0))
  x <- indicators(3000, 2500, 0.05)
  write_set(folder, "made-words-sum", x, total(x) + 0.1 * rnorm(3000))
  for (spread in c(0.5, 1, 1.5)) {
    x <- matrix(exp(spread * rnorm(10000)), 1000)
    write_set(folder, paste0("made-amounts-", gsub(".", "-", spread, fixed = TRUE)), x, rowSums(x) + 0.1 * rnorm(1000))
  }
  for (rows in c(1000, 2000, 5000)) {
    x <- matrix(8 * runif(2 * rows), rows)
    write_set(folder, paste0("made-chessboard-", rows), x, either((floor(x[, 1]) + floor(x[, 2])) %% 2 == 0))
  }
  x <- matrix(4 * runif(40000) - 2, 2000)
  x[, 1] <- as.numeric(runif(2000) < 0.005)
  write_set(folder, "made-rare-indicator", x, 50 * x[, 1] + 0.1 * rowSums(x[, -1]) + 0.1 * rnorm(2000))
  x <- matrix(rnorm(500 * 200), 500)
  write_set(folder, "made-numbers", x, either(total(x) > 0))
  write_set(folder, "made-numbers-sum", x, total(x) + 0.1 * rnorm(500))
  write_set(folder, "made-two-of-many", x, either((x[, 1] > 0) != (x[, 2] > 0.5)))
}

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 1) stop("usage: Rscript chance.R FOLDER")
main(arguments[1])

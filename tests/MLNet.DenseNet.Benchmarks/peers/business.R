# Exports made tables as businesses have them: categories of many values, tags, codes, amounts, many classes, few rows. As CSV files, in form as by tables.R.
# Usage: Rscript business.R FOLDER

source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "write_set.R"))

either <- function(logit) ifelse(runif(length(logit)) < 1 / (1 + exp(-logit)), "a", "b")

# Categories whose values are rarer and rarer, or equally frequent, each value with an effect of its own; beside three numbers.
categories <- function(rows, count, values, deviation, areRare) {
  features <- data.frame(row.names = seq_len(rows))
  sum <- numeric(rows)
  for (i in seq_len(count)) {
    effects <- deviation * rnorm(values)
    drawn <- sample(values, rows, replace = TRUE, prob = if (areRare) 1 / seq_len(values) else rep(1, values))
    features[[paste0("category", i)]] <- paste0("v", drawn)
    sum <- sum + effects[drawn]
  }
  features$x <- rnorm(rows)
  features$y <- exp(rnorm(rows))
  features$z <- sample(0:9, rows, replace = TRUE)
  list(features = features, sum = sum + 0.7 * features$x + 0.3 * log(features$y) + ifelse(features$z > 6, 0.7, 0))
}

# Each row has about 15 of them, and a price.
tags <- function(rows, count, telling, deviation) {
  x <- matrix(0, rows, count)
  for (row in seq_len(rows)) x[row, sample(count, count %/% 40, replace = TRUE)] <- 1
  price <- exp(2 + rnorm(rows))
  effects <- c(deviation * rnorm(telling), numeric(count - telling))
  list(features = cbind(as.data.frame(x), price = price), sum = -0.2 + 0.5 * (log(price) - 2) + as.vector(x %*% effects))
}

main <- function(folder) {
  dir.create(folder, recursive = TRUE, showWarnings = FALSE)
  set.seed(23)
  made <- categories(10000, 5, 100, 0.5, TRUE)
  write_set(folder, "made-categories", made$features, either(made$sum))
  made <- categories(10000, 5, 100, 0.5, TRUE)
  write_set(folder, "made-categories-number", made$features, made$sum + 1.5 * rnorm(10000))
  made <- categories(6000, 8, 30, 0.4, FALSE)
  write_set(folder, "made-levels", made$features, either(made$sum))
  made <- categories(6000, 8, 60, 0.5, FALSE)
  write_set(folder, "made-levels-number", made$features, made$sum + 0.5 * rnorm(6000))
  for (rows in c(3000, 12000)) {
    made <- tags(rows, 600, 60, 1.5)
    write_set(folder, paste0("made-tags-", rows), made$features, either(made$sum))
  }
  made <- tags(3000, 600, 600, 0.5)
  write_set(folder, "made-tags-all", made$features, either(made$sum))
  codes <- sample(1000:1299, 5000, replace = TRUE)
  quantity <- sample(1:20, 5000, replace = TRUE)
  discount <- round(runif(5000), 2)
  effects <- 3 * rnorm(300)
  write_set(folder, "made-codes", data.frame(code = codes, quantity = quantity, discount = discount), effects[codes - 999] + 0.1 * quantity - 2 * discount + 0.3 * rnorm(5000))
  centers <- matrix(rnorm(50 * 12), 50)
  class <- sample(50, 2900, replace = TRUE)
  write_set(folder, "made-fifty-classes", as.data.frame(centers[class, ] + matrix(rnorm(2900 * 12), 2900)), paste0("k", class))
  for (rows in c(100, 400)) {
    amounts <- as.data.frame(matrix(exp(rnorm(6 * rows)), rows))
    group <- sample(8, rows, replace = TRUE)
    label <- 2 * amounts$V1 + amounts$V2 - amounts$V3 + group %% 2 + rnorm(rows)
    write_set(folder, paste0("made-amounts-", rows), cbind(amounts, group = paste0("g", group)), label)
  }
}

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 1) stop("usage: Rscript business.R FOLDER")
main(arguments[1])

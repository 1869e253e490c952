# Exports made tables as businesses have them: categories of many values, tags, codes, amounts, many classes, few rows, short notes beside numbers. As CSV files, in form as by tables.R.
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

# Customers with notes of some words, most of which tell nothing, beside an age, an income that some do not tell, an hour and three categories.
customers <- function(rows, words) {
  other <- c("the", "order", "ticket", "about", "my", "account", "is", "on", "please", "hello")
  rare <- sprintf("word%02d", seq_len(words))
  effects <- 0.35 * rnorm(words)
  draw <- function(values, size) values[sample.int(length(values), size, replace = TRUE)]
  bad <- sample(0:2, rows, replace = TRUE)
  good <- sample(0:2, rows, replace = TRUE)
  drawn <- matrix(if (words > 0) sample.int(words, 3 * rows, replace = TRUE) else integer(0), rows)
  note <- vapply(seq_len(rows), function(row) paste(sample(c(
    draw(c("refund", "broken", "late", "cancel"), bad[row]), draw(c("thanks", "great", "love", "fast"), good[row]), draw(other, 5), rare[drawn[row, ]]
  )), collapse = " "), "")
  features <- data.frame(
    age = sample(18:77, rows, replace = TRUE), income = exp(10 + 0.6 * rnorm(rows)), hour = sample(0:23, rows, replace = TRUE), day = paste0("d", sample(7, rows, replace = TRUE)),
    city = draw(c("Berlin", "Paris", "Rome", "Oslo", ""), rows), plan = draw(c("basic", "pro", "team"), rows), note = note)
  features$income[runif(rows) < 0.15] <- NA
  sum <- 1.2 * bad - 0.8 * good + ifelse(features$plan == "basic", 0.7, 0) + ifelse(features$city == "Oslo", 1, 0) + ifelse(is.na(features$income), 0.6, ifelse(features$income > 40000, -0.9, 0.3)) +
    ifelse(features$day == "d7", 1.2, 0) + ifelse(features$hour < 6, 0.8, 0) + 0.02 * (features$age - 45)
  if (words > 0) sum <- sum + rowSums(matrix(effects[drawn], rows))
  list(features = features, sum = sum)
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
  for (rows in c(400, 2500, 8000)) {
    made <- customers(rows, if (rows == 2500) 20 else 0)
    write_set(folder, paste0("made-notes-number-", rows), made$features, made$sum + 0.5 * rnorm(rows), texts = "note")
  }
  made <- customers(1500, 0)
  write_set(folder, "made-notes-even", made$features, either(made$sum - 1.2), texts = "note")
  made <- customers(3000, 20)
  write_set(folder, "made-notes-three", made$features, c("a", "b", "c")[1 + (made$sum + 0.8 * rnorm(3000) > 0) + (made$sum > 1.6)], texts = "note")
  for (rows in c(2500, 20000)) {
    made <- customers(rows, 0)
    write_set(folder, paste0("made-notes-rare-", rows), made$features, either(made$sum - 4.6), texts = "note")
  }
}

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 1) stop("usage: Rscript business.R FOLDER")
main(arguments[1])

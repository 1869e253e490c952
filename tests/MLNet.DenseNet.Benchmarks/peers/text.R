# Exports tables with text beside numbers from data sets of installed R packages, as CSV files.
# Usage: Rscript text.R FOLDER
#
# In form as by tables.R, with columns of text, t:NAME. Debian has the packages, each with its licence:
#   r-cran-dslabs r-cran-janeaustenr r-cran-modeldata

clean <- function(x) {
  x <- as.character(x)
  x[is.na(x)] <- ""
  x <- ifelse(validUTF8(x), x, iconv(x, "latin1", "UTF-8"))
  trimws(gsub("[,\"\r\n\t[:space:]]+", " ", enc2utf8(x)))
}

write_set <- function(folder, name, columns) {
  columns <- lapply(columns, function(x) if (is.numeric(x)) format(x, digits = 9, trim = TRUE) else clean(x))
  out <- file(file.path(folder, paste0(name, ".csv")), "wb")
  writeLines(c(paste(names(columns), collapse = ","), do.call(paste, c(unname(columns), sep = ","))), out, useBytes = TRUE)
  close(out)
}

dataset <- function(name, package) {
  from <- new.env()
  utils::data(list = name, package = package, envir = from)
  mget(ls(from), from)
}

main <- function(folder) {
  dir.create(folder, recursive = TRUE, showWarnings = FALSE)

  art <- dataset("tate_text", "modeldata")$tate_text
  write_set(folder, "tate", list("n:letters" = nchar(art$title), "t:title" = art$title, "t:medium" = art$medium, "t:artist" = art$artist, "n:label" = art$year))

  foods <- dataset("small_fine_foods", "modeldata")
  foods <- rbind(foods$training_data, foods$testing_data)
  write_set(folder, "fine-foods", list("t:review" = foods$review, "n:letters" = nchar(foods$review), "c:label" = foods$score))

  tweets <- dataset("trump_tweets", "dslabs")$trump_tweets
  tweets$hour <- as.numeric(format(tweets$created_at, "%H"))
  tweets$weekday <- format(tweets$created_at, "%u")
  tweets$day <- as.numeric(tweets$created_at) / 86400
  own <- tweets[!tweets$is_retweet, ]
  write_set(folder, "tweets-retweets", list("t:text" = own$text, "n:hour" = own$hour, "c:weekday" = own$weekday, "n:day" = own$day, "n:label" = log10(1 + own$retweet_count)))
  phone <- tweets[tweets$source %in% c("Twitter for Android", "Twitter for iPhone") & format(tweets$created_at, "%Y") %in% c("2015", "2016"), ]
  write_set(folder, "tweets-source", list(
    "t:text" = phone$text, "n:hour" = phone$hour, "c:weekday" = phone$weekday, "n:retweets" = phone$retweet_count, "n:likes" = phone$favorite_count, "c:label" = phone$source))

  ratings <- dataset("movielens", "dslabs")$movielens
  mean_rating <- tapply(ratings$rating, ratings$movieId, mean)
  count <- tapply(ratings$rating, ratings$movieId, length)
  films <- ratings[!duplicated(ratings$movieId) & !is.na(ratings$year), ]
  id <- as.character(films$movieId)
  write_set(folder, "films", list(
    "t:title" = films$title, "t:genres" = gsub("|", " ", films$genres, fixed = TRUE), "n:year" = films$year, "n:ratings" = as.numeric(count[id]), "n:label" = as.numeric(mean_rating[id])))

  # Ten lines in a row of a novel, and which it is.
  lines <- janeaustenr::austen_books()
  lines <- lines[nzchar(lines$text), ]
  pieces <- do.call(rbind, lapply(split(lines, lines$book), function(book) {
    part <- (seq_len(nrow(book)) - 1) %/% 10
    data.frame(text = tapply(book$text, part, paste, collapse = " "), book = as.character(book$book[1]))
  }))
  write_set(folder, "novels", list("t:text" = pieces$text, "n:letters" = nchar(pieces$text), "c:label" = pieces$book))
}

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 1) stop("usage: Rscript text.R FOLDER")
main(arguments[1])

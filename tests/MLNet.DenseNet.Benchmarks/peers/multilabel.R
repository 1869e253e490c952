# Writes a table with several labels a row: the number of labels in the first line, then a line a row: 0 or 1 for each label, then the features.
# Usage: Rscript multilabel.R films | developers
#
# films: the genres of a film from how it was rated (MovieLens' small set of ratings, F. M. Harper, J. A. Konstan, "The MovieLens datasets", 2015; Debian's r-cran-dslabs): the year, the logarithm of the number of ratings,
# their mean, and what each of the 100 most active users gave, 0 where nothing. Films with five ratings or more.
# developers: the kinds of work of a developer from country, salary, experience, company and the like (Stack Overflow's survey of 2017; Debian's r-cran-modeldata).
write <- function(labels, features) {
  cat(ncol(labels), "\n", sep = "")
  write.table(cbind(labels, features), stdout(), sep = ",", row.names = FALSE, col.names = FALSE)
}

films <- function() {
  m <- dslabs::movielens
  users <- names(sort(table(m$userId), decreasing = TRUE))[1:100]
  count <- table(m$movieId)
  m <- m[m$movieId %in% names(count)[count >= 5], ]
  film <- factor(m$movieId)
  user <- match(as.character(m$userId), users)
  ratings <- matrix(0, nlevels(film), length(users))
  ratings[cbind(as.integer(film), user)[!is.na(user), ]] <- m$rating[!is.na(user)]
  first <- match(levels(film), film)
  genres <- strsplit(as.character(m$genres[first]), "|", fixed = TRUE)
  names <- setdiff(sort(unique(unlist(genres))), "(no genres listed)")
  year <- m$year[first]
  year[is.na(year)] <- median(year, na.rm = TRUE)
  mean <- as.numeric(tapply(m$rating, film, mean))
  write(t(sapply(genres, function(own) as.integer(names %in% own))), cbind(year, log1p(as.integer(table(film))), mean, ratings))
}

developers <- function() {
  data(stackoverflow, package = "modeldata", envir = environment())
  labels <- which(names(stackoverflow) == "Data_scientist"):ncol(stackoverflow)
  write(as.matrix(stackoverflow[labels]), model.matrix(~ . - 1, stackoverflow[-labels]))
}

switch(commandArgs(TRUE)[1], films = films(), developers = developers(), stop("films or developers"))

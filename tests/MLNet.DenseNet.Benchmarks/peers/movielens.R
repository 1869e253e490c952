# Writes MovieLens' small set of ratings (F. M. Harper, J. A. Konstan, "The MovieLens datasets", 2015; the data frame of Debian's r-cran-dslabs) as a ranking of the films of each user.
# A line a rating: user, whether the user is for testing (one in four), relevance 0 to 4, then features of the film: year, the logarithm of how many users for training have rated it,
# their mean rating drawn to that of all films, and a 1 for each of its genres. What the user gave is left out of the film's mean.
library(dslabs)
m <- movielens
m$test <- as.integer(factor(m$userId)) %% 4 == 0
m$year[is.na(m$year)] <- median(m$year, na.rm = TRUE)
film <- factor(m$movieId)
known <- ifelse(m$test, 0, 1)
count <- tapply(known, film, sum)[film] - known
total <- tapply(known * m$rating, film, sum)[film] - known * m$rating
mean <- (total + 5 * 3.5) / (count + 5)
genres <- strsplit(as.character(m$genres), "|", fixed = TRUE)
names <- setdiff(sort(unique(unlist(genres))), "(no genres listed)")
flags <- sapply(names, function(name) as.integer(vapply(genres, function(g) name %in% g, TRUE)))
rows <- data.frame(m$userId, as.integer(m$test), pmax(0, ceiling(m$rating) - 1), m$year, round(log1p(count), 4), round(mean, 4), flags)
write.table(rows[order(m$userId), ], stdout(), sep = ",", row.names = FALSE, col.names = FALSE)

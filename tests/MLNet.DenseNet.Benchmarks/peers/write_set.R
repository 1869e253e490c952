# Writes a table as a CSV file in form as by tables.R, with its columns numbered: what the scripts that make tables share.
# texts: the names of the columns that are texts and no categories.
write_set <- function(folder, name, features, label, texts = character(0)) {
  known <- !is.na(label)
  features <- as.data.frame(features)[known, , drop = FALSE]
  label <- label[known]
  isNumber <- vapply(features, is.numeric, logical(1))
  names(features) <- paste0(ifelse(isNumber, "n:", ifelse(names(features) %in% texts, "t:", "c:")), "v", seq_along(features))
  features[] <- lapply(features, function(x) if (is.numeric(x)) format(x, digits = 6, trim = TRUE) else as.character(x))
  features[is.na(features) | features == "NA"] <- ""
  features[[if (is.numeric(label)) "n:label" else "c:label"]] <- if (is.numeric(label)) format(label, digits = 9, trim = TRUE) else gsub("/", "", as.character(label))
  utils::write.csv(features, file.path(folder, paste0(name, ".csv")), row.names = FALSE, quote = FALSE)
}

using System.Globalization;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// The tables that peers/tables.R and peers/text.R export to a folder: their last column is the label; a header "n:name" is a column of numbers, "c:name" one of categories, "t:name" one of text. All trainers get the same
/// features: numbers as they are, the mean and an indicator where they are missing, categories one-hot.
/// </summary>
internal static class FolderSets
{
    /// <param name="folder">Where the exported files are.</param>
    public static IEnumerable<TabularSet> Load(string folder) =>
        Directory.EnumerateFiles(folder, "*.csv").Where(file => Path.GetFileName(file) != "index.csv").Order(StringComparer.Ordinal).Select(Read);

    private static TabularSet Read(string file)
    {
        var lines = File.ReadAllLines(file);
        var header = lines[0].Split(',');
        var rows = lines.Skip(1).Select(line => line.Split(',')).ToArray();
        if (Array.Find(rows, row => row.Length != header.Length) is { } wrong)
            throw new FormatException($"{file} has {header.Length} columns and a row of {wrong.Length}.");
        var inputs = Enumerable.Range(0, header.Length - 1).ToLookup(column => header[column].StartsWith("t:", StringComparison.Ordinal), column => (Name: header[column], Cells: rows.Select(row => row[column]).ToArray()));
        var columns = inputs[false].SelectMany(column => Features(column.Name, column.Cells)).ToArray();
        var features = new float[rows.Length * columns.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < columns.Length; column++)
                features[row * columns.Length + column] = columns[column][row];
        }

        string[] labels = [.. rows.Select(row => row[^1])];
        string[] classes = header[^1].StartsWith("c:", StringComparison.Ordinal) ? [.. labels.Distinct().Order(StringComparer.Ordinal)] : [];
        return new TabularSet(
            Path.GetFileNameWithoutExtension(file), classes.Length == 0 ? TabularTask.Regression : classes.Length == 2 ? TabularTask.Binary : TabularTask.Multiclass, columns.Length, features,
            [.. labels.Select(label => classes.Length == 0 ? Number(label) : Array.IndexOf(classes, label))], Texts: inputs.Contains(true) ? [.. inputs[true].Select(column => column.Cells)] : null);
    }

    private static IEnumerable<float[]> Features(string name, string[] cells)
    {
        if (name.StartsWith("c:", StringComparison.Ordinal))
        {
            string[] categories = [.. cells.Distinct().Order(StringComparer.Ordinal)];
            // One of two categories says which the other is.
            return categories.Skip(categories.Length <= 2 ? 1 : 0).Select(category => cells.Select(cell => cell == category ? 1f : 0).ToArray());
        }

        if (!cells.Contains(""))
            return [[.. cells.Select(Number)]];
        float[] known = [.. cells.Where(cell => cell.Length > 0).Select(Number)];
        var mean = known.DefaultIfEmpty().Average();
        return [[.. cells.Select(cell => cell.Length == 0 ? mean : Number(cell))], [.. cells.Select(cell => cell.Length == 0 ? 1f : 0)]];
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}

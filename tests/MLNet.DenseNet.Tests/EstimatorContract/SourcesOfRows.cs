using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>Rows are the same wherever they come from: a model fitted to them is the one fitted to their binary copy, and so are its predictions.</summary>
internal static class SourcesOfRows
{
    public static void Check(Subject subject)
    {
        var data = subject.MLContext.Data;
        var folder = Directory.CreateTempSubdirectory("sources").FullName;
        try
        {
            var rows = subject.Rows;
            string[] files = [Path.Combine(folder, "1.tsv"), Path.Combine(folder, "2.tsv")];
            Write(data.TakeRows(rows, 25), files[0]);
            Write(data.SkipRows(rows, 25), files[1]);
            var loader = data.CreateTextLoader(Sample.TextColumns, hasHeader: true);

            var copies = 0;
            IDataView[] sources =
            [
                rows,
                Copy(rows),
                loader.Load(files[0]),
                loader.Load(new MultiFileSource(files)),
                data.Cache(rows),
                data.ShuffleRows(rows, seed: 3),
                data.FilterRowsByColumn(rows, nameof(Sample.Number), lowerBound: -0.5),
                data.FilterRowsByColumn(data.Cache(data.ShuffleRows(loader.Load(files), seed: 3)), nameof(Sample.Number), lowerBound: -0.5),
            ];
            Assert.All(sources, source => CheckAsItsCopy(subject.Prepare(source)));

            void CheckAsItsCopy(IDataView source)
            {
                var copy = Copy(source);
                var (model, expected) = (subject.Estimator.Fit(source), subject.Estimator.Fit(copy));
                Assert.Equal(RowText.Predictions(expected, copy), RowText.Predictions(model, copy));
                Assert.Equal(RowText.Predictions(expected, copy), RowText.Predictions(expected, source));
            }

            IDataView Copy(IDataView source)
            {
                var path = Path.Combine(folder, $"{copies++}.idv");
                using (var stream = File.Create(path))
                    data.SaveAsBinary(source, stream);
                return data.LoadFromBinary(path);
            }

            void Write(IDataView part, string path)
            {
                using var stream = File.Create(path);
                data.SaveAsText(part, stream, schema: false, forceDense: true);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

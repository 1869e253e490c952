using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Onnx.Tests;

/// <summary>A pipeline that ML.NET's converter has turned into ONNX: run by ML.NET's own transform, it has to give the same columns.</summary>
internal static class ConvertedPipeline
{
    /// <param name="mlContext">What the model was made with.</param>
    /// <param name="model">A fitted pipeline.</param>
    /// <param name="rows">What it takes.</param>
    /// <param name="columns">The columns to compare.</param>
    /// <param name="operators">The version of ONNX's operators; null for the converter's own choice.</param>
    public static void Check(MLContext mlContext, ITransformer model, IDataView rows, string[] columns, int? operators = null)
    {
        using var stream = new MemoryStream();
        if (operators is { } version)
            mlContext.Model.ConvertToOnnx(model, rows, version, stream);
        else
            mlContext.Model.ConvertToOnnx(model, rows, stream);
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, stream.ToArray());
            var expected = model.Transform(rows);
            var actual = mlContext.Transforms.ApplyOnnxModel([.. columns.Select(column => column + ".output")], [.. Inputs(path)], path).Fit(rows).Transform(rows);
            foreach (var column in columns)
                CheckColumn(expected, actual, column);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string[] Inputs(string path)
    {
        using var model = new OnnxModel(File.ReadAllBytes(path));
        return [.. model.Inputs.Keys];
    }

    private static void CheckColumn(IDataView expected, IDataView actual, string column)
    {
        // Without the ending that the converter gives outputs.
        switch (expected.Schema[column].Type)
        {
            case VectorDataViewType { ItemType: BooleanDataViewType }:
                Assert.Equal(expected.GetColumn<bool[]>(column), actual.GetColumn<bool[]>(column));
                break;
            case VectorDataViewType:
                Close.Check([.. expected.GetColumn<float[]>(column).SelectMany(row => row)], [.. actual.GetColumn<float[]>(column).SelectMany(row => row)]);
                break;
            case NumberDataViewType:
                Close.Check([.. expected.GetColumn<float>(column)], [.. actual.GetColumn<float[]>(column).SelectMany(row => row)]);
                break;
            case TextDataViewType:
                // The converter's text for a missing key.
                Assert.Equal(expected.GetColumn<string>(column), actual.GetColumn<ReadOnlyMemory<char>[]>(column).Select(row => row.Single().ToString()).Select(text => text == "_Unused" ? "" : text));
                break;
            default:
                Assert.Equal(expected.GetColumn<bool>(column), actual.GetColumn<bool[]>(column).Select(row => row.Single()));
                break;
        }
    }
}

using CsCheck;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

namespace HostileInputs;

/// <summary>Trained models whose features are keys, on keys of any kind.</summary>
internal static class KeyScoring
{
    public static IEnumerable<(string Name, Action<int> Hold)> All =>
        from task in (string[])[Task.Multiclass, Task.Regression, Task.Quantiles, Task.ZeroOne, Task.Ranking, Task.Anomalies]
        from isLookedUp in (bool[])[false, true]
        // What is looked up is no number that could be put out.
        where task != Task.Anomalies || !isLookedUp
        select ($"scoring keys: {task}, {(isLookedUp ? "looked up" : "one-hot")}", (Action<int>)(samples => Hold(task, isLookedUp, samples)));

    private static void Hold(string task, bool isLookedUp, int samples)
    {
        var mlContext = new MLContext(seed: 1);
        var schema = Row.Schema(1);
        var options = new DenseNeuralNetOptions { FeatureColumnName = nameof(Row.Keys), NumberOfEpochs = 1, Seed = 1 };
        if (isLookedUp)
            options.Layers = [new EmbeddingLayer(Row.KeyValues + 1, 3), new DenseLayer(4)];
        else
            options.HiddenLayers = [9];
        var model = Task.Trainer(mlContext, task, options).Fit(mlContext.Data.LoadFromEnumerable(Row.Some(60, 1), schema));
        using var engine = mlContext.Model.CreatePredictionEngine<Row, Scored>(model, inputSchemaDefinition: schema, outputSchemaDefinition: Scored.Schema(task));
        var hidden = mlContext.Transforms.ExtractDenseNeuralNetFeatures(model, "Hidden").Fit(mlContext.Data.LoadFromEnumerable(Row.Some(2, 1), schema));
        Vectors.OfKeys.Sample(
            keys =>
            {
                var row = new Row { Features = new VBuffer<float>(1, [1]), Keys = keys };
                var fault = Vectors.FaultOfKeys(keys);
                Action[] ways = [() => engine.Predict(row), () => Transformed(model, row).Preview(maxRows: 1), () => Transformed(hidden, row).Preview(maxRows: 1)];
                foreach (var way in ways)
                {
                    if (fault.Length > 0)
                        Expect.Refusal(way, fault);
                    else
                        way();
                }

                if (fault.Length > 0)
                    return;
                var scores = Scores(row);
                if (!scores.All(float.IsFinite))
                    throw new InvalidOperationException($"Keys score {string.Join(", ", scores)}.");
                row.Keys = new VBuffer<uint>(Row.KeyCount, [.. keys.DenseValues()]);
                if (Scores(row).Zip(scores, (dense, sparse) => Math.Abs(dense - sparse)).Max() > 1e-5)
                    throw new InvalidOperationException("Sparse keys score otherwise than dense ones.");
            },
            iter: 3 * samples, threads: 1);

        IDataView Transformed(ITransformer transformer, Row row) => transformer.Transform(mlContext.Data.LoadFromEnumerable([row], schema));

        float[] Scores(Row row) => Task.HasSeveralScores(task) ? Transformed(model, row).GetColumn<float[]>("Score").Single() : [Transformed(model, row).GetColumn<float>("Score").Single()];
    }
}

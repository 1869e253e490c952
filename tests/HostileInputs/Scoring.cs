using System.Reflection;
using CsCheck;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

namespace HostileInputs;

/// <summary>Trained models of every task on vectors of any kind.</summary>
internal static class Scoring
{
    private const int Wide = 300;
    private const int Narrow = 5;

    public static IEnumerable<(string Name, Action<int> Hold)> All =>
        from task in (string[])[Task.Multiclass, Task.Binary, Task.Regression, Task.MultiOutput, Task.MultiLabel, Task.Quantiles, Task.Ranking, Task.Anomalies]
        from length in (int[])[Wide, Narrow]
        from normalization in (FeatureNormalization[])[FeatureNormalization.Auto, FeatureNormalization.Off]
        from members in (int[])[1, 3]
        // Features that are learned are always standardized.
        where task != Task.Anomalies || normalization == FeatureNormalization.Auto
        select ($"scoring: {task}, {length} features, normalization {normalization}, {members} members", (Action<int>)(samples => Hold(task, length, normalization, members, samples)));

    private static void Hold(string task, int length, FeatureNormalization normalization, int members, int samples)
    {
        var mlContext = new MLContext(seed: 1);
        var schema = Row.Schema(length);
        var data = mlContext.Data.LoadFromEnumerable(Row.Some(60, length), schema);
        var model = Task.Trainer(mlContext, task, new DenseNeuralNetOptions { HiddenLayers = [9], NormalizeFeatures = normalization, EnsembleSize = members, NumberOfEpochs = 1, Seed = 1 }).Fit(data);
        using var engine = mlContext.Model.CreatePredictionEngine<Row, Scored>(model, inputSchemaDefinition: schema, outputSchemaDefinition: Scored.Schema(task));
        var mapper = Mapper(((IPredictionTransformer<object>)model).Model, isVector: Task.HasSeveralScores(task));
        var explaining = mlContext.Transforms.CalculateDenseNeuralNetContribution(model, output: 0).Fit(data);

        var other = default(VBuffer<float>);
        Vectors.Of(length).Sample(
            vector =>
            {
                var row = new Row { Features = vector };
                Action[] ways =
                [
                    () => engine.Predict(row),
                    () => model.Transform(mlContext.Data.LoadFromEnumerable([row], schema)).Preview(maxRows: 1),
                    () => mapper(vector),
                ];
                var fault = Vectors.Fault(vector, length);
                foreach (var way in ways)
                {
                    if (fault.Length > 0)
                        Expect.Refusal(way, fault);
                    else
                        way();
                }

                Expect.NoAccident(() => explaining.Transform(mlContext.Data.LoadFromEnumerable([row], schema)).Preview(maxRows: 1));
                // Against its rules, but often done in services: wrong scores, not foreign memory.
                Parallel.For(0, 4, number => Expect.NoAccident(() => mapper(number % 2 == 0 ? vector : other)));
                other = vector;
                if (fault.Length == 0 && task == Task.Quantiles)
                    CheckQuantiles(mapper(vector));
                if (fault.Length == 0)
                    Compare(mapper(vector), mapper(new VBuffer<float>(length, [.. vector.DenseValues()])));
            },
            iter: samples, threads: 1);
    }

    /// <summary>The model's own function, which ML.NET calls behind all of this.</summary>
    private static Func<VBuffer<float>, float[]> Mapper(object model, bool isVector)
    {
        var get = model.GetType().GetInterfaces().Single(type => type.Name == "IValueMapper").GetMethod("GetMapper")!;
        var map = (Delegate)get.MakeGenericMethod(typeof(VBuffer<float>), isVector ? typeof(VBuffer<float>) : typeof(float)).Invoke(model, null)!;
        return vector =>
        {
            object[] arguments = [vector, isVector ? default(VBuffer<float>) : 0f];
            try
            {
                map.DynamicInvoke(arguments);
            }
            catch (TargetInvocationException error)
            {
                throw error.InnerException!;
            }

            return isVector ? [.. ((VBuffer<float>)arguments[1]).DenseValues()] : [(float)arguments[1]];
        };
    }

    /// <summary>A number among values that are none would stand for another quantile than its own.</summary>
    private static void CheckQuantiles(float[] scores)
    {
        var isAscending = scores.Zip(scores.Skip(1), (lower, higher) => lower <= higher).All(ascends => ascends);
        if (!isAscending && !Array.TrueForAll(scores, float.IsNaN))
            throw new InvalidOperationException($"The quantiles are {string.Join(", ", scores)}.");
    }

    /// <summary>Sums in another order.</summary>
    private static void Compare(float[] sparse, float[] dense)
    {
        for (var i = 0; i < dense.Length; i++)
        {
            var scale = dense.Max(Math.Abs) + 1;
            if (!(Math.Abs(sparse[i] - dense[i]) <= 1e-3f * scale || float.IsNaN(scale) || !float.IsFinite(scale) || scale > 1e30f))
                throw new InvalidOperationException($"The sparse vector scores {sparse[i]}, the dense one {dense[i]}.");
        }
    }
}

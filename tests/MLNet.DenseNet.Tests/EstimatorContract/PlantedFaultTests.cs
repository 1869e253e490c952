using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit.Sdk;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>The contract must see a fault where there is one.</summary>
public class PlantedFaultTests
{
    /// <summary>Each fault: the concern that must find it, and how it is planted into a sound estimator.</summary>
    private static readonly Dictionary<string, (string Concern, Func<MLContext, IEstimator<ITransformer>, IEstimator<ITransformer>> Plant)> Faults = new()
    {
        ["promises a score of another type"] = (nameof(PromisedSchema), (ml, sound) => new FaultyEstimator(
            sound, promise: shape => ml.Transforms.Conversion.ConvertType("Score", outputKind: DataKind.Double).GetOutputSchema(sound.GetOutputSchema(shape)))),
        ["promises no annotations"] = (nameof(PromisedSchema), (ml, sound) => new FaultyEstimator(
            sound, promise: shape => ml.Transforms.Concatenate("Score", "Score").GetOutputSchema(sound.GetOutputSchema(shape)))),
        ["promises an annotation that does not come"] = (nameof(PromisedSchema), (ml, sound) => new FaultyEstimator(
            sound, promise: shape => ml.Transforms.NormalizeMinMax("Score").GetOutputSchema(sound.GetOutputSchema(shape)))),
        ["promises before it looks"] = (nameof(RefusedData), (_, sound) => new FaultyEstimator(sound, promise: shape => shape)),
        ["transforms data with other features"] = (nameof(RefusedData), (_, sound) => Faulty(
            sound, model => new(model, transform: data => data.Schema[Subject.Features].Type is VectorDataViewType ? data : model.Transform(data)))),
        ["maps rows of another schema"] = (nameof(RowMapping), (_, sound) => Faulty(sound, model => new(model, map: schema =>
        {
            var copy = new DataViewSchema.Builder();
            copy.AddColumns(schema);
            return model.GetRowToRowMapper(copy.ToSchema());
        }))),
        ["saves another model"] = (nameof(Reloading), (ml, sound) => new FaultyEstimator(sound, fit: data => new FaultyTransformer(
            sound.Fit(data), saved: sound.Fit(ml.Data.TakeRows(data, 20))))),
        ["gives rows another identity"] = (nameof(Cursors), (_, sound) => Faulty(
            sound, model => new(model, transform: data => new ObservedDataView(model.Transform(data), id => new DataViewRowId(id.Low + 1, id.High))))),
        ["gives all rows the same identity"] = (nameof(Cursors), (_, sound) => Faulty(
            sound, model => new(model, transform: data => new ObservedDataView(model.Transform(data), _ => default)))),
        ["reads when it transforms"] = (nameof(Laziness), (_, sound) => Faulty(sound, model => new(model, transform: data =>
        {
            RowText.Read(data);
            return model.Transform(data);
        }))),
        ["trains on all columns"] = (nameof(Laziness), (_, sound) => new FaultyEstimator(sound, fit: data =>
        {
            RowText.Read(data);
            return sound.Fit(data);
        })),
        ["takes ten of rows that are not counted"] = (nameof(SourcesOfRows), (ml, sound) => new FaultyEstimator(
            sound, fit: data => sound.Fit(data.GetRowCount() is null ? ml.Data.TakeRows(data, 10) : data))),
        ["needs the label to predict"] = (nameof(NewRows), (_, sound) => Faulty(
            sound, model => new(model, transform: data => data.Schema.GetColumnOrNull(Subject.Label) is null ? data : model.Transform(data)))),
        ["changes with every fit"] = (nameof(RepeatedFits), ChangingWithEveryFit),
        ["reads decimals as the culture does"] = (nameof(ForeignCulture), (ml, sound) => new FaultyEstimator(
            sound, fit: data => sound.Fit(ml.Data.TakeRows(data, (int)double.Parse("20.5", CultureInfo.CurrentCulture))))),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_found(string fault)
    {
        var (concern, plant) = Faults[fault];
        var subject = new Subject(Tasks.Multiclass, ml => plant(ml, ml.Transforms.DenseNeuralNet(Subjects.Options)));
        Assert.ThrowsAny<XunitException>(() => Contract.Concerns[concern](subject));
    }

    private static FaultyEstimator Faulty(IEstimator<ITransformer> sound, Func<ITransformer, FaultyTransformer> plant) => new(sound, fit: data => plant(sound.Fit(data)));

    private static FaultyEstimator ChangingWithEveryFit(MLContext ml, IEstimator<ITransformer> sound)
    {
        var fits = 0;
        return new(sound, fit: data => sound.Fit(ml.Data.TakeRows(data, 40 - fits++)));
    }
}

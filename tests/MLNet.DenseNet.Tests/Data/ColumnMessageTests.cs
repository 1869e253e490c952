using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNet.DenseNet.Tests.HostileData;

namespace MLNet.DenseNet.Tests;

/// <summary>A column of the wrong type is refused with what makes the right one of it, before and when fitting, by the trainers of the tasks as by the one for all.</summary>
public class ColumnMessageTests
{
    private static readonly VectorDataViewType Vector = new(NumberDataViewType.Single, 3);

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void A_text_where_a_key_is_needed() =>
        Says("Schema mismatch for label column 'Label': expected Key<UInt32>, got String. Conversion.MapValueToKey makes a key of values of any type",
            Data(TextDataViewType.Instance, row => $"{row % 2}".AsMemory()), c => c.MulticlassClassification.Trainers.DenseNeuralNet());

    [Fact]
    public void A_number_where_a_key_is_needed() =>
        Says("label column 'Label': expected Key<UInt32>, got Single. Conversion.MapValueToKey makes", Data(NumberDataViewType.Single, row => (float)row), c => c.MulticlassClassification.Trainers.DenseNeuralNet());

    [Fact]
    public void Another_key()
    {
        var data = new MadeDataView(5).Add("Features", Vector, row => new VBuffer<float>(3, [1, 2, row])).Add("Label", new KeyDataViewType(typeof(byte), 3), row => (byte)(row % 3 + 1))
            .Add("GroupId", new KeyDataViewType(typeof(uint), 3), row => (uint)(row % 2 + 1));
        Says("expected Key<UInt32>, got Key<Byte>. Conversion.MapValueToKey makes a key of UInt32", data, c => c.MulticlassClassification.Trainers.DenseNeuralNet());
        Says("expected Single or a key of UInt32, got Key<Byte>. Conversion.MapValueToKey makes a key of UInt32", data, c => c.Ranking.Trainers.DenseNeuralNet());
        var mapped = _mlContext.Transforms.Conversion.MapValueToKey("Label");
        Assert.NotNull(mapped.Append(_mlContext.MulticlassClassification.Trainers.DenseNeuralNet()).Fit(data));
        Assert.NotNull(mapped.Append(_mlContext.Ranking.Trainers.DenseNeuralNet()).Fit(data));
    }

    [Fact]
    public void A_number_where_a_Boolean_is_needed() =>
        Says("label column 'Label': expected Boolean, got Single. Conversion.ConvertType makes Boolean of", Data(NumberDataViewType.Single, row => (float)row), c => c.BinaryClassification.Trainers.DenseNeuralNet());

    [Fact]
    public void A_key_where_a_number_is_needed() =>
        Says("label column 'Label': expected Single, got Key<UInt32>. A key stands for a category", Data(new KeyDataViewType(typeof(uint), 3), row => (uint)row), c => c.Regression.Trainers.DenseNeuralNet());

    [Fact]
    public void A_double_where_a_float_is_needed() =>
        Says("label column 'Label': expected Single, got Double. Conversion.ConvertType makes Single of", Data(NumberDataViewType.Double, row => (double)row), c => c.Regression.Trainers.DenseNeuralNet());

    [Fact]
    public void A_vector_where_one_number_is_needed() =>
        Says("label column 'Label': expected Single, got Vector<Single>. It has to be one value a row", Data(Vector, row => new VBuffer<float>(3, [1, 2, row])), c => c.Regression.Trainers.DenseNeuralNet());

    [Fact]
    public void A_number_where_a_vector_is_needed() =>
        Says("label column 'Label': expected Vector<Single>, got Single. Concatenate makes a vector of one or more columns",
            Data(NumberDataViewType.Single, row => (float)row), c => c.Regression.Trainers.DenseNeuralNetMultiOutput(new DenseNeuralNetOptions()));

    [Fact]
    public void A_vector_of_unknown_size_where_its_size_has_to_be_known()
    {
        var unknown = new VectorDataViewType(NumberDataViewType.Single);
        const string Advice = "expected Vector<Single>, got VarVector<Single>, a vector of unknown size. Put [VectorType(n)] with its length n on the property";
        Says($"label column 'Label': {Advice}", Data(unknown, row => new VBuffer<float>(3, [1, 2, row])), c => c.Regression.Trainers.DenseNeuralNetMultiOutput(new DenseNeuralNetOptions()));
        var data = new MadeDataView(5).Add("Features", unknown, row => new VBuffer<float>(3, [1, 2, row])).Add("Label", NumberDataViewType.Single, row => (float)row);
        Says($"feature column 'Features': {Advice}", data, c => c.Regression.Trainers.DenseNeuralNet());
        Says($"feature column 'Features': {Advice}", data, c => c.Transforms.DenseNeuralNet());
        Says("Put [VectorType(n)] with its length n", Data(unknown, row => new VBuffer<float>(3, [1, 2, row])), c => c.Transforms.DenseNeuralNet());
    }

    [Theory]
    [InlineData("number", "feature column 'Features': expected Vector<Single>, got Single. Concatenate makes a vector")]
    [InlineData("text", "feature column 'Features': expected Vector<Single>, got String. Text.FeaturizeText makes a vector of a text")]
    [InlineData("double", "feature column 'Features': expected Vector<Single>, got Double. Conversion.ConvertType makes Single of numbers, Booleans and text, Concatenate then a vector")]
    [InlineData("keys", "feature column 'Features': expected Vector<Single>, got VarVector<Key<UInt32>>, a vector of unknown size. Put [VectorType(n)]")]
    [InlineData("doubles", "feature column 'Features': expected Vector<Single>, got Vector<Double>. Conversion.ConvertType makes Single of")]
    [InlineData("time", "feature column 'Features': expected Vector<Single>, got DateTime. CustomMapping makes numbers of a time")]
    [InlineData("image", "feature column 'Features': expected Vector<Single>, got Image<2, 2>. ResizeImages and then ExtractPixels make a vector of an image")]
    [InlineData("times", "feature column 'Features': expected Vector<Single>, got Vector<TimeSpan>. CustomMapping makes numbers of a time")]
    public void Features_of_another_type(string kind, string message)
    {
        var data = new MadeDataView(5).Add("Label", NumberDataViewType.Single, row => (float)row);
        _ = kind switch
        {
            "number" => data.Add("Features", NumberDataViewType.Single, row => (float)row),
            "text" => data.Add("Features", TextDataViewType.Instance, row => $"{row}".AsMemory()),
            "double" => data.Add("Features", NumberDataViewType.Double, row => (double)row),
            "time" => data.Add("Features", DateTimeDataViewType.Instance, row => new DateTime(row)),
            "times" => data.Add("Features", new VectorDataViewType(TimeSpanDataViewType.Instance, 2), row => new VBuffer<TimeSpan>(2, [new(1), new(row)])),
            "image" => data.Add("Features", new ImageDataViewType(2, 2), _ => (MLImage?)null),
            "keys" => data.Add("Features", new VectorDataViewType(new KeyDataViewType(typeof(uint), 3)), row => new VBuffer<uint>(1, [(uint)row])),
            _ => data.Add("Features", new VectorDataViewType(NumberDataViewType.Double, 2), row => new VBuffer<double>(2, [1, row])),
        };
        Says(message, data, c => c.Regression.Trainers.DenseNeuralNet());
        Says(message, data, c => c.Transforms.DenseNeuralNet());
    }

    [Fact]
    public void Weights_of_another_type()
    {
        var data = new MadeDataView(5).Add("Features", Vector, row => new VBuffer<float>(3, [1, 2, row])).Add("Label", NumberDataViewType.Single, row => (float)row)
            .Add("Weight", NumberDataViewType.Double, row => 1.0);
        const string Message = "weight column 'Weight': expected Single, got Double. Conversion.ConvertType makes Single of";
        Says(Message, data, c => c.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { ExampleWeightColumnName = "Weight" }));
        Says(Message, data, c => c.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { ExampleWeightColumnName = "Weight" }));
    }

    [Fact]
    public void The_validation_set_is_looked_at_alike()
    {
        var (data, validation) = (Data(new KeyDataViewType(typeof(uint), 2), row => (uint)(row % 2 + 1)), Data(TextDataViewType.Instance, row => $"{row % 2}".AsMemory()));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.MulticlassClassification.Trainers.DenseNeuralNet().Fit(data, validation));
        Assert.Contains("got String. Conversion.MapValueToKey", error.Message, StringComparison.Ordinal);
    }

    private static MadeDataView Data<T>(DataViewType labelType, Func<long, T> label) =>
        new MadeDataView(5).Add("Features", Vector, row => new VBuffer<float>(3, [1, 2, row])).Add("Label", labelType, label);

    private void Says<TTransformer>(string message, IDataView data, Func<MLContext, IEstimator<TTransformer>> create)
        where TTransformer : class, ITransformer
    {
        var trainer = create(_mlContext);
        var pipeline = new EstimatorChain<ITransformer>().Append(trainer);
        foreach (var use in (Action[])[() => trainer.Fit(data), () => trainer.GetOutputSchema(Shape(data)), () => pipeline.Fit(data), () => pipeline.GetOutputSchema(Shape(data))])
            Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(use).Message, StringComparison.Ordinal);
    }

    private static SchemaShape Shape(IDataView data) => EstimatorContract.PromisedSchema.ShapeOf(data.Schema);
}

// A model behind a web service. A prediction engine serves one request at a time: each takes one of a pool and gives it back.

using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromEnumerable(House.Random(1000));
var trained = mlContext.Regression.Trainers.DenseNeuralNet(hiddenLayers: [16], numberOfEpochs: 60).Fit(data);
mlContext.Model.Save(trained, data.Schema, "houses.zip");

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(new DefaultObjectPoolProvider().Create(new Engines("houses.zip")));
var app = builder.Build();
app.MapPost("/price", (float[] features, ObjectPool<PredictionEngine<House, Price>> pool) =>
{
    var engine = pool.Get();
    try
    {
        return engine.Predict(new House { Features = features }).Score;
    }
    finally
    {
        pool.Return(engine);
    }
});
app.Run();

internal sealed class Engines(string path) : PooledObjectPolicy<PredictionEngine<House, Price>>
{
    private readonly MLContext _mlContext = new();
    private readonly ITransformer _model = new MLContext().Model.Load(path, out _);

    public override PredictionEngine<House, Price> Create() => _mlContext.Model.CreatePredictionEngine<House, Price>(_model);

    public override bool Return(PredictionEngine<House, Price> engine) => true;
}

internal sealed class House
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }

    public static IEnumerable<House> Random(int count)
    {
        var random = new Random(1);
        for (var i = 0; i < count; i++)
        {
            float[] x = [random.NextSingle(), random.NextSingle()];
            yield return new House { Features = x, Label = 300 * x[0] + 100 * x[1] };
        }
    }
}

internal sealed class Price
{
    public float Score { get; set; }
}

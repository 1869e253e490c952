// Orders the hotels that a search has found, by what guests did with the results of earlier searches: nothing, a look, or a booking. Both are made here.

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

var mlContext = new MLContext(seed: 1);
var training = Hotels(searches: 400, seed: 1);
var test = Hotels(searches: 200, seed: 2);

// What counts is the order of the hotels of one search. Some guests look at everything and some at little, which says nothing of the hotels.
var pipeline = mlContext.Ranking.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
{
    RowGroupColumnName = "Search",
    LabelColumnName = "Interest",
});
var model = pipeline.Fit(training);

var metrics = mlContext.Ranking.Evaluate(model.Transform(test), labelColumnName: "Interest", rowGroupColumnName: "Search");
for (var first = 1; first <= 3; first++)
    Console.WriteLine($"NDCG of the first {first}: {metrics.NormalizedDiscountedCumulativeGains[first - 1]:F3}");

Console.WriteLine("The hotels of one search:");
foreach (var hotel in mlContext.Data.CreateEnumerable<RankedHotel>(model.Transform(test), reuseRowObject: false).TakeWhile(hotel => hotel.Search == 1).OrderByDescending(hotel => hotel.Score))
    Console.WriteLine($"  score {hotel.Score,6:F2}: {hotel.Features[0]:F1} stars, price {hotel.Features[1]:F0}, {hotel.Features[2]:F1} km away, {(hotel.Interest == 2 ? "booked" : hotel.Interest == 1 ? "looked at" : "passed over")}");

return metrics.NormalizedDiscountedCumulativeGains[2] >= 0.9 ? 0 : 1;

// Guests of a search want about the same: so many stars, and a price that suits their purse, the nearer the better. They book the best one, and look at others as long as they are curious.
IDataView Hotels(int searches, int seed)
{
    var random = new Random(seed);
    var hotels = new List<Hotel>();
    for (var search = 0u; search < searches; search++)
    {
        var (purse, curiosity) = (60 + 200 * random.NextSingle(), 3 * random.NextSingle());
        var found = Enumerable.Range(0, random.Next(5, 25)).Select(_ =>
        {
            var (stars, distance) = (1 + 4 * random.NextSingle(), 10 * random.NextSingle());
            var price = 30 * stars * (0.5f + random.NextSingle());
            var worth = stars - MathF.Max(0, price - purse) / 20 - MathF.Sqrt(distance) + 0.5f * (random.NextSingle() - 0.5f);
            return (Worth: worth, Hotel: new Hotel { Search = search, Features = [stars, price, distance, purse] });
        }).OrderByDescending(found => found.Worth).ToList();
        for (var place = 0; place < found.Count; place++)
            found[place].Hotel.Interest = place == 0 ? 2 : found[0].Worth - found[place].Worth < curiosity ? 1 : 0;
        // As a search without ranking would show them.
        hotels.AddRange(found.Select(item => item.Hotel).OrderBy(hotel => hotel.Features[1]));
    }

    var schema = SchemaDefinition.Create(typeof(Hotel));
    schema["Search"].ColumnType = new KeyDataViewType(typeof(uint), searches);
    return mlContext.Data.LoadFromEnumerable(hotels, schema);
}

internal class Hotel
{
    public uint Search { get; set; }

    /// <summary>Stars, price, distance from where the guest wants to be, and what guests of this search have paid before.</summary>
    [VectorType(4)]
    public float[] Features { get; set; } = [];

    /// <summary>0: passed over, 1: looked at, 2: booked.</summary>
    public float Interest { get; set; }
}

internal sealed class RankedHotel : Hotel
{
    public float Score { get; set; }
}

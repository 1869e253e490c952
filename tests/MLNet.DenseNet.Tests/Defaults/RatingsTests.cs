using Microsoft.ML;

namespace MLNet.DenseNet.Tests;

/// <summary>How users like films: what a user is and what a film is tell a part by themselves, the larger part only together.</summary>
public class RatingsTests
{
    private const int Users = 500;
    private const int Films = 200;
    private const int Factors = 4;

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Without orthogonalized steps it was 0.62: training ended long before what they tell together was learned.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_two_categories_tell_only_together_is_learned(bool areKeys)
    {
        var rows = Ratings(20_000);
        var split = _mlContext.Data.TrainTestSplit(rows, testFraction: 0.2);
        var together = _mlContext.Transforms.Concatenate("Pair", nameof(Rating.User), nameof(Rating.Film)).Append(_mlContext.Transforms.Conversion.MapValueToKey("Features", "Pair"));
        var oneHot = _mlContext.Transforms.Categorical.OneHotEncoding([new(nameof(Rating.User)), new(nameof(Rating.Film))]).Append(_mlContext.Transforms.Concatenate("Features", nameof(Rating.User), nameof(Rating.Film)));
        var trainer = _mlContext.Transforms.DenseNeuralNet(nameof(Rating.Stars));
        var model = (areKeys ? together.Append(trainer) : oneHot.Append(trainer)).Fit(split.TrainSet);
        Assert.InRange(_mlContext.Regression.Evaluate(model.Transform(split.TestSet), nameof(Rating.Stars)).RSquared, 0.78, 1);
    }

    private IDataView Ratings(int rows)
    {
        var random = new Random(1);
        var (users, films) = (Tastes(Users), Tastes(Films));
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(_ =>
        {
            var (user, film) = (random.Next(Users), random.Next(Films));
            var together = Enumerable.Range(1, Factors).Sum(factor => users[user][factor] * films[film][factor]);
            return new Rating { User = $"user {user}", Film = $"film {film}", Stars = (float)(3 + users[user][0] + films[film][0] + 1.2 * together + 1.5 * random.NextDouble()) };
        }).ToArray());

        double[][] Tastes(int count) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 1 + Factors).Select(_ => 2 * random.NextDouble() - 1).ToArray())];
    }

    private sealed class Rating
    {
        public string User { get; set; } = "";

        public string Film { get; set; } = "";

        public float Stars { get; set; }
    }
}

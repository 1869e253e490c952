namespace TextSentiment;

/// <summary>What someone wrote about a thing that they bought, and whether they were content.</summary>
internal sealed record Review(string Text, bool IsContent)
{
    private static readonly string[] Praise =
        ["good", "great", "sturdy", "reliable", "lovely", "quick", "clever", "comfortable", "quiet", "generous", "elegant", "handy", "solid", "splendid", "superb", "flawless", "delightful", "exquisite"];

    private static readonly string[] Blame =
        ["bad", "poor", "flimsy", "unreliable", "ugly", "slow", "clumsy", "uncomfortable", "noisy", "stingy", "shabby", "useless", "brittle", "dreadful", "awful", "faulty", "disappointing", "atrocious"];

    private static readonly string[] Negations = ["not", "hardly", "never", "by no means", "anything but"];
    private static readonly string[] Degrees = ["very", "really", "quite", "rather", "so"];
    private static readonly string[] Things = ["it", "the handle", "the box", "the colour", "the motor", "delivery", "the price", "the manual", "the shop", "the screen", "my copy", "the lid"];
    private static readonly string[] Verbs = ["is", "was", "seems", "feels", "looks"];
    private static readonly string[] Syllables = ["ba", "dor", "fi", "gul", "ka", "lem", "mo", "nar", "pi", "quo", "ru", "sel", "ta", "vin", "xo", "zu"];

    /// <summary>Reviews as they are: a few opinions, some of them negated, praise and blame mixed, names that hardly anyone else mentions, and now and then a click on the wrong star.</summary>
    public static List<Review> Write(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => WriteOne(random))];
    }

    private static Review WriteOne(Random random)
    {
        var isContent = random.Next(2) == 0;
        var opinions = 0;
        var sentences = new List<string>();
        // An odd number of opinions, so that praise and blame are never equal.
        for (var left = 3 + 2 * random.Next(3); left > 0; left--)
        {
            var isFor = random.NextDouble() < 0.75 ? isContent : !isContent;
            opinions += isFor ? 1 : -1;
            sentences.Add(Opinion(isFor, random));
            if (random.Next(2) == 0)
                sentences.Add($"I bought the {Name(random)} {Name(random)} with my {Name(random)}");
        }

        return new Review(string.Join(". ", sentences) + ".", random.NextDouble() < 0.04 ? opinions < 0 : opinions > 0);
    }

    /// <summary>"not bad" is praise: no word alone tells.</summary>
    private static string Opinion(bool isPraise, Random random)
    {
        var isNegated = random.NextDouble() < 0.35;
        var word = Pick(isPraise != isNegated ? Praise : Blame, random);
        var how = isNegated ? Pick(Negations, random) + " " : random.Next(2) == 0 ? Pick(Degrees, random) + " " : "";
        return $"{Pick(Things, random)} {Pick(Verbs, random)} {how}{word}";
    }

    /// <summary>One of some ten thousand, most of them rare.</summary>
    private static string Name(Random random)
    {
        var rank = (int)Math.Pow(65_536, random.NextDouble());
        return string.Concat(Enumerable.Range(0, 4).Select(i => Syllables[(rank >> (4 * i)) & 15]));
    }

    /// <summary>Each word is rarer than the one before.</summary>
    private static string Pick(string[] words, Random random) => words[(int)(words.Length * Math.Pow(random.NextDouble(), 1.7))];
}

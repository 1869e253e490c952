using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet;

/// <summary>
/// The steps of a pipeline that made a data view, as far as the view shows them: ML.NET gives a trainer no other sight of them. A view that a transformer made knows the view before it, and the transformer can be
/// applied to other rows. Filters, shuffles and caches are left out, since they are about the training rows alone.
/// </summary>
internal sealed class EarlierSteps
{
    private readonly IHost _host;

    // The view after each step, from the last step back to the source.
    private readonly IDataView[] _views;

    /// <param name="host">Makes the exceptions.</param>
    /// <param name="view">What came to the trainer.</param>
    public EarlierSteps(IHost host, IDataView view)
    {
        _host = host;
        _views = [.. Chain(view)];
    }

    /// <summary>
    /// Applies the steps to a set that may have gone through none, some or all of them. Its columns tell how far it has come, hidden ones included: it may be at a place where the columns that it shares with the
    /// training rows are of the same kinds and as many. The place is taken before which there are as many steps as the set shows, or else the latest that fits, and the steps after it are applied. Columns alone
    /// would not tell: where a step has dropped the hidden ones, rows as they come at first look like those that came through all steps.
    /// </summary>
    /// <param name="set">The other rows.</param>
    /// <param name="whyUnfit">Says what rows lack to be trained with; null where they lack nothing.</param>
    /// <returns>The rows as they would have come to the trainer, and how many steps were applied.</returns>
    /// <exception cref="ArgumentException">They lack what the steps or the trainer need.</exception>
    /// <exception cref="NotSupportedException">OneVersusAll or PairwiseCoupling made the labels.</exception>
    public (IDataView Rows, int Steps) Apply(IDataView set, Func<IDataView, string?> whyUnfit)
    {
        var asItComes = whyUnfit(set);
        if (asItComes is not null && _views.Any(view => view.GetType().DeclaringType == typeof(LambdaColumnMapper)))
            throw _host.ExceptNotSupp($"OneVersusAll and PairwiseCoupling make labels of each class for the rows to learn from, and cannot for those of a validation set ({asItComes}). {nameof(DenseNeuralNetOptions.ValidationFraction)} holds rows out in each of their trainings instead.");
        (string Reason, int Missing)? failure = null;
        var gone = Chain(set).Count(IsStep);
        var places = Enumerable.Range(0, _views.Length);
        foreach (var place in places.OrderBy(place => _views.Skip(place).Count(IsStep) == gone ? 0 : 1))
        {
            if (!MayBeOf(set.Schema, _views[place].Schema))
                continue;
            var (rows, steps, why) = ApplyAfter(place, set);
            why ??= whyUnfit(rows);
            if (why is null)
                return (rows, steps);
            // The set most likely comes from the place whose columns it has the most of: its failure is the one to tell.
            if (steps > 0 && CountMissing(set.Schema, _views[place].Schema) is var missing && !(failure?.Missing < missing))
                failure = (why, missing);
        }

        if (asItComes is null)
            return (set, 0);
        var reason = failure is null
            ? "its columns are not those of the training rows at any step before the trainer"
            : $"the steps before the trainer cannot be applied to it: {failure.Value.Reason}";
        throw _host.ExceptParam(
            "validationData",
            $"The validation set, with the columns [{string.Join(", ", set.Schema.Where(column => !column.IsHidden).Select(column => column.Name))}], lacks what the trainer needs ({asItComes}), and {reason}. "
                + "Give it with the columns that the training data has when it comes to the pipeline, or as the fitted steps before the trainer transform it.");
    }

    private (IDataView Rows, int Steps, string? Failure) ApplyAfter(int place, IDataView set)
    {
        var steps = 0;
        try
        {
            for (var step = place - 1; step >= 0; step--)
            {
                if (!IsStep(_views[step]))
                    continue;
                set = ApplyTransformUtils.ApplyTransformToData(_host, (IDataTransform)_views[step], set);
                steps++;
            }

            return (set, steps, null);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException or NotSupportedException)
        {
            return (set, steps + 1, exception.Message);
        }
    }

    private static bool IsStep(IDataView view) => view is IDataTransform and IRowToRowMapper;

    private static IEnumerable<IDataView> Chain(IDataView view)
    {
        for (var next = view; next is not null; next = SourceOf(next))
            yield return next;
    }

    private static bool MayBeOf(DataViewSchema set, DataViewSchema training)
    {
        var (one, other) = (set.ToLookup(column => column.Name, Kind), training.ToLookup(column => column.Name, Kind));
        return one.All(column => !other.Contains(column.Key) || column.SequenceEqual(other[column.Key]));

        // The number of keys or slots is left out, since it depends on the rows that a step was fitted on.
        static (bool, bool, Type) Kind(DataViewSchema.Column column) =>
            (column.Type is VectorDataViewType, column.Type.GetItemType() is KeyDataViewType, column.Type.GetItemType().RawType);
    }

    private static int CountMissing(DataViewSchema set, DataViewSchema training) => training.Count(column => !column.IsHidden && set.GetColumnOrNull(column.Name) is null);

    private static IDataView? SourceOf(IDataView view) => view switch
    {
        IDataTransform transform => transform.Source,
        CacheDataView cache => Source(cache),
        OpaqueDataView opaque => Source(opaque),
        _ => null,
    };

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_subsetInput")]
    private static extern ref IDataView Source(CacheDataView view);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_source")]
    private static extern ref IDataView Source(OpaqueDataView view);
}

using Microsoft.ML;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>Labels that are classes: keys and Booleans.</summary>
internal sealed class ClassLabelReader(int classCount) : LabelReader
{
    private const int Missing = -1;

    private readonly List<int> _classes = [];
    private Func<int> _read = () => Missing;
    private int _current;

    /// <summary>How many different classes were kept.</summary>
    public int DistinctClasses => _classes.Distinct().Count();

    public override void Bind(DataViewRow row, DataViewSchema.Column label)
    {
        if (label.Type is Microsoft.ML.Data.KeyDataViewType)
        {
            // A key counts from 1; 0 is a missing value.
            var key = 0u;
            var getter = row.GetGetter<uint>(label);
            _read = () =>
            {
                getter(ref key);
                return key <= classCount ? (int)key - 1 : Missing;
            };
        }
        else
        {
            var value = false;
            var getter = row.GetGetter<bool>(label);
            _read = () =>
            {
                getter(ref value);
                return value ? 1 : 0;
            };
        }
    }

    public override bool TryRead() => (_current = _read()) != Missing;

    public override void Keep() => _classes.Add(_current);

    public override Dataset ToDataset(int inputs, ReadOnlyMemory<float> features, ReadOnlyMemory<float> weights) =>
        Dataset.FromClasses(inputs, classCount, features, _classes.ToArray(), weights);
}

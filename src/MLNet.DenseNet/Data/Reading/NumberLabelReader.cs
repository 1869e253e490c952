using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Data;

/// <summary>Labels that are numbers: one, which may stand for several outputs, a vector of them, a vector of Booleans, which are 0 and 1, or a key, which is its place among the keys, from 0.</summary>
internal sealed class NumberLabelReader : LabelReader
{
    private readonly float[] _current;
    private readonly Action<long> _read;

    public NumberLabelReader(DataViewRow row, RowColumns columns)
    {
        _current = new float[columns.Outputs];
        if (columns.Label.Type is VectorDataViewType { ItemType: BooleanDataViewType })
        {
            _read = ReadBooleans(row, columns.Label);
        }
        else if (columns.Label.Type is VectorDataViewType)
        {
            var vectors = new VectorReader<float>(row, columns.Label);
            _read = number =>
            {
                vectors.Read(number);
                if (columns.AreLabelsZeroOrOne && ZeroOneLabels.Problem(in vectors.Current, columns.Label) is { } problem)
                    throw new InvalidOperationException($"row {number} has {problem}");
                vectors.Current.CopyTo(_current);
            };
        }
        else if (columns.Label.Type is KeyDataViewType)
        {
            _read = ReadKeys(row, columns);
        }
        else
        {
            var getter = row.GetGetter<float>(columns.Label);
            var value = 0f;
            _read = _ =>
            {
                getter(ref value);
                Array.Fill(_current, value);
            };
        }
    }

    /// <summary>Of several labels a row: 1 where one is true, else 0.</summary>
    private Action<long> ReadBooleans(DataViewRow row, DataViewSchema.Column column)
    {
        var labels = new VectorReader<bool>(row, column);
        return number =>
        {
            labels.Read(number);
            foreach (var (label, value) in labels.Current.Items(all: true))
                _current[label] = value ? 1 : 0;
        };
    }

    /// <summary>A key counts from 1; 0 is a missing value, and so is one beyond the column's type, as of classes.</summary>
    private Action<long> ReadKeys(DataViewRow row, RowColumns columns)
    {
        var getter = row.GetGetter<uint>(columns.Label);
        var count = ((KeyDataViewType)columns.Label.Type).Count;
        var key = 0u;
        return _ =>
        {
            getter(ref key);
            var place = key <= count ? key - 1L : -1;
            if (columns.ClassOfKey is { } classes && place >= 0)
                place = place < classes.Length ? classes[place] : -1;
            _current[0] = place < 0 ? float.NaN : place;
        };
    }

    public override bool TryRead(long number)
    {
        _read(number);
        return Array.TrueForAll(_current, float.IsFinite);
    }

    public override void AddTo(RowBuffer rows) => _current.CopyTo(rows.Targets.Add(_current.Length));
}

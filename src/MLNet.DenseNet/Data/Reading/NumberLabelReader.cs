using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Data;

/// <summary>Labels that are numbers: one, or a vector of them.</summary>
internal sealed class NumberLabelReader : LabelReader
{
    private readonly float[] _current;
    private readonly Action<long> _read;

    public NumberLabelReader(DataViewRow row, RowColumns columns)
    {
        _current = new float[columns.Outputs];
        if (columns.Label.Type is VectorDataViewType)
        {
            var vectors = new VectorReader(row, columns.Label);
            _read = number =>
            {
                vectors.Read(number);
                vectors.Current.CopyTo(_current);
            };
        }
        else
        {
            var getter = row.GetGetter<float>(columns.Label);
            _read = _ => getter(ref _current[0]);
        }
    }

    public override bool TryRead(long number)
    {
        _read(number);
        return Array.TrueForAll(_current, float.IsFinite);
    }

    public override void AddTo(RowBuffer rows) => _current.CopyTo(rows.Targets.Add(_current.Length));
}

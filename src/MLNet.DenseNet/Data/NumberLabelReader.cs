using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Data;

/// <summary>Labels that are numbers: one, or a vector of them.</summary>
internal sealed class NumberLabelReader : LabelReader
{
    private readonly float[] _current;
    private readonly Action _read;

    public NumberLabelReader(DataViewRow row, RowColumns columns)
    {
        _current = new float[columns.Outputs];
        if (columns.Label.Type is VectorDataViewType)
        {
            var value = default(VBuffer<float>);
            var getter = row.GetGetter<VBuffer<float>>(columns.Label);
            _read = () =>
            {
                getter(ref value);
                value.CopyTo(_current);
            };
        }
        else
        {
            var getter = row.GetGetter<float>(columns.Label);
            _read = () => getter(ref _current[0]);
        }
    }

    public override bool TryRead()
    {
        _read();
        return Array.TrueForAll(_current, float.IsFinite);
    }

    public override void AddTo(RowBlock block) => _current.CopyTo(block.Targets.Add(_current.Length));
}

using System.Diagnostics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Chooses how many threads share the work: the number whose steps take the least time at present. That is fewer than all where other work has the processors, or where threads mostly wait
/// for each other.
/// </summary>
/// <remarks>
/// Now and then, and at once where steps have become slower, it tries the next smaller or larger number for half a millisecond. While numbers do better, it goes on to the next one. The best
/// of them is then on trial for 20 ms, which is long enough to meet the time slices of other work. If it is no better than the number before, that one comes back, and the wait until the
/// next try doubles, up to a second of steps. Tries cost a few hundredths of the time at most.
/// </remarks>
internal sealed class ThreadAdaptation
{
    // A number is taken where its steps cost less than this share of what they did, so that chance does not decide.
    private const double Gain = 0.97;

    // Where steps take this many times as long as before, fewer threads are tried at once.
    private const double Suspicious = 1.2;

    // Where the mean step takes this many times as long as the fastest one, threads wait for processors. One thread fewer then makes no difference that can be measured, so half of them are tried.
    private const double Stalled = 1.5;

    // The least weight of the latest window in the mean.
    private const double Smoothing = 0.25;

    // The first steps include the time of compiling.
    private const int WarmUpSteps = 2;

    private const int TrySteps = 3;
    private const int LossesBetweenTries = 30;

    private static readonly long Millisecond = Stopwatch.Frequency / 1000;
    private static readonly long Window = 20 * Millisecond;
    private static readonly long FirstWindow = 5 * Millisecond;
    private static readonly long TryTime = Millisecond / 2;
    private static readonly long LongTryTime = 5 * Millisecond;
    private static readonly long AffordableLoss = Millisecond;
    private static readonly long BearableLoss = 4 * Millisecond;

    // The numbers to choose from, in rising order: all up to 8, then each about 8/7 of the one before.
    private readonly int[] _numbers;
    private readonly Direction _fewer = new(-1);
    private readonly Direction _more = new(1);
    private Direction? _trying;
    private bool _isOnTrial;
    private bool _triesHalf;

    // Indices into the numbers: the one in use, the best of the tries so far, and the one that it would replace.
    private int _current;
    private int _candidate;
    private int _incumbent;

    // Ticks a step: of the number in use, as a mean over its windows, and of the best of the tries so far.
    private double _cost;
    private int _windows;
    private double _candidateCost;

    // What was measured since the latest decision.
    private long _time;
    private long _firstTime;
    private long _fastest;
    private int _steps;

    private long _elapsed;
    private int _size;
    private int _warmUp;

    /// <param name="threads">The most threads.</param>
    /// <param name="start">How many to begin with; the nearest smaller one of the numbers is taken.</param>
    public ThreadAdaptation(int threads, int start)
    {
        var numbers = new List<int>();
        for (var number = threads; number > 0; number = number * 7 / 8)
            numbers.Add(number);
        numbers.Reverse();
        _numbers = [.. numbers];
        _current = IndexUpTo(start);
        Clear();
    }

    /// <summary>The most threads.</summary>
    public int Most => _numbers[^1];

    /// <summary>How many threads should share the next step.</summary>
    public int Threads => _numbers[_current];

    /// <summary>Learns from a step.</summary>
    /// <param name="time">How long it took, in ticks of the stopwatch.</param>
    /// <param name="size">Its size, such as its rows. Only steps of the largest size are compared, as the last batch of an epoch may be smaller.</param>
    public void Add(long time, int size)
    {
        if (size > _size)
            Restart(size);
        if (size < _size || _warmUp++ < WarmUpSteps)
            return;
        _elapsed += time;
        _time += time;
        _fastest = Math.Min(_fastest, time);
        if (_steps++ == 0)
            _firstTime = time;
        if (_trying is null)
            EndWindow();
        else if (_isOnTrial)
            EndTrial(_trying);
        else
            EndTry(_trying);
    }

    private void Restart(int size)
    {
        if (_trying is not null)
            _current = _incumbent;
        (_size, _warmUp, _cost, _windows, _trying, _isOnTrial) = (size, 0, 0, 0, null, false);
        Clear();
    }

    private void EndWindow()
    {
        if (_time < (_cost == 0 ? FirstWindow : Window))
            return;
        var cost = (double)_time / _steps;
        var isSuspicious = _cost > 0 && cost > Suspicious * _cost;
        _triesHalf = cost > Stalled * _fastest && !_triesHalf;
        _cost += Math.Max(Smoothing, 1.0 / ++_windows) * (cost - _cost);
        Clear();
        if (_current > 0 && (isSuspicious ? _elapsed >= _fewer.Earliest : _elapsed >= _fewer.Next) && IsAffordable(isSuspicious))
            BeginTry(_fewer);
        else if (_current < _numbers.Length - 1 && _elapsed >= _more.Next)
            BeginTry(_more);
    }

    /// <summary>Whether a try of fewer threads costs little of the time so far, even if every thread is fully used.</summary>
    private bool IsAffordable(bool isSuspicious)
    {
        var share = (double)_numbers[_current - 1] / _numbers[_current];
        var step = _cost / share;
        var time = Math.Max(TryTime, Math.Min(TrySteps * step, Math.Max(LongTryTime, step)));
        return time * (1 - share) < AffordableLoss + _elapsed * (isSuspicious ? 0.05 : 0.01);
    }

    private void BeginTry(Direction direction)
    {
        (_trying, _incumbent, _candidate, _candidateCost) = (direction, _current, _current, _cost);
        _current = Following(direction);
        Clear();
    }

    /// <summary>The index of the number to try after the one in use; the same index where there is none.</summary>
    private int Following(Direction direction)
    {
        if (direction == _fewer && _triesHalf)
            return IndexUpTo(Math.Max(1, _numbers[_current] / 2));
        return Math.Clamp(_current + direction.Sign, 0, _numbers.Length - 1);
    }

    /// <summary>The index of the largest number that is not above another. A step, in which this is asked, allocates nothing.</summary>
    private int IndexUpTo(int threads)
    {
        var index = _numbers.Length - 1;
        while (_numbers[index] > threads)
            index--;
        return index;
    }

    private void EndTry(Direction direction)
    {
        if (_time < TryTime || (_steps < TrySteps && _time < LongTryTime))
            return;
        // The first step is left out: it wakes threads and fills their caches.
        var cost = _steps == 1 ? _time : (double)(_time - _firstTime) / (_steps - 1);
        if (cost < Gain * _candidateCost)
        {
            (_candidate, _candidateCost) = (_current, cost);
            _current = Following(direction);
            _isOnTrial = _current == _candidate;
        }
        else if (_candidate == _incumbent)
        {
            Fail(direction);
        }
        else
        {
            (_current, _isOnTrial) = (_candidate, true);
        }

        Clear();
    }

    private void EndTrial(Direction direction)
    {
        var expected = _steps * _cost;
        if (direction == _more && _time - expected > BearableLoss && _time > Suspicious * expected)
        {
            Fail(direction);
            return;
        }

        if (_time < Window)
            return;
        var cost = (double)_time / _steps;
        if (cost < Gain * _cost)
        {
            (_cost, _windows, _trying, _isOnTrial) = (cost, 1, null, false);
            Confirm(direction);
            Clear();
        }
        else
        {
            Fail(direction);
        }
    }

    private void Confirm(Direction direction)
    {
        _fewer.Reset(_elapsed);
        if (direction == _more)
            _more.Succeed(_elapsed);
        else if (_elapsed - _more.Success < Direction.Longest)
            // More threads did well for a moment only: their next try waits as if they had failed.
            _more.Fail(_elapsed, lost: 0);
        else
            _more.Reset(_elapsed);
    }

    private void Fail(Direction direction)
    {
        direction.Fail(_elapsed, lost: Math.Max(0, _time - (long)(_steps * _cost)));
        (_current, _trying, _isOnTrial) = (_incumbent, null, false);
        Clear();
    }

    private void Clear() => (_time, _fastest, _steps) = (0, long.MaxValue, 0);

    /// <summary>Tries of fewer threads, or of more.</summary>
    private sealed class Direction(int sign)
    {
        public static readonly long Longest = 1000 * Millisecond;

        private static readonly long Shortest = 20 * Millisecond;

        private long _interval = Shortest;

        public int Sign { get; } = sign;

        /// <summary>When a trial last went well.</summary>
        public long Success { get; private set; } = -Longest;

        /// <summary>When to try again.</summary>
        public long Next { get; private set; }

        /// <summary>When to try again at the earliest, where steps have become slower.</summary>
        public long Earliest { get; private set; }

        public void Reset(long now)
        {
            _interval = Shortest;
            (Next, Earliest) = (now + _interval, now);
        }

        public void Succeed(long now) => (Success, Next, Earliest) = (now, now, now);

        public void Fail(long now, long lost)
        {
            Earliest = now + LossesBetweenTries * lost;
            Next = Math.Max(Earliest, now + _interval);
            _interval = Math.Min(2 * _interval, Longest);
        }
    }
}

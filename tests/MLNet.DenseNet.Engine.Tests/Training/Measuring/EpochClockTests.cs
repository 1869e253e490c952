namespace MLNet.DenseNet.Engine.Tests.Training;

public class EpochClockTests
{
    [Fact]
    public void What_is_left_takes_as_long_as_what_was()
    {
        var clock = new EpochClock(before: TimeSpan.FromHours(3));
        Assert.InRange(clock.EstimateTimeLeft(done: 3, left: 2), TimeSpan.FromHours(2), TimeSpan.FromHours(2.1));
        Assert.Equal(TimeSpan.Zero, clock.EstimateTimeLeft(done: 3, left: 0));
    }

    [Fact]
    public void A_time_beyond_all_names_is_no_error() =>
        Assert.True(new EpochClock(before: TimeSpan.FromDays(10)).EstimateTimeLeft(done: 1, left: int.MaxValue) > TimeSpan.FromDays(1_000_000));
}

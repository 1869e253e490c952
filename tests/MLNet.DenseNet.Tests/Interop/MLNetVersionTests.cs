namespace MLNet.DenseNet.Tests;

public class MLNetVersionTests
{
    [Theory]
    [InlineData("5.0.1")]
    [InlineData("5.0.1+2b81ac3")]
    [InlineData("5.0.9-rc.1+abc")]
    public void Tested_versions_are_taken(string version) => Assert.Null(MLNetVersion.Refuse(version));

    [Theory]
    [InlineData("4.0.2")]
    [InlineData("5.0.0")]
    [InlineData("5.1.0+abc")]
    [InlineData("6.0.0-preview.1")]
    [InlineData("unknown")]
    public void Others_are_refused_in_a_sentence_that_names_them(string version) =>
        Assert.Contains($"the loaded version is {version.Split('+', '-')[0]}. Reference a version", MLNetVersion.Refuse(version), StringComparison.Ordinal);

    [Fact]
    public void The_referenced_version_is_taken() => MLNetVersion.Check();

    [Fact]
    public void Access_is_taken_to_two_assemblies_and_no_more()
    {
        var attributes = typeof(DenseNeuralNetOptions).Assembly.CustomAttributes.Where(a => a.AttributeType.Name == "IgnoresAccessChecksToAttribute");
        Assert.Equal(["Microsoft.ML.Core", "Microsoft.ML.Data"], attributes.Select(a => (string)a.ConstructorArguments[0].Value!).Order());
    }
}

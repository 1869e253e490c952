using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MLNet.DenseNet.Engine.Tests;

/// <summary>The documentation of every parameter that may be left out of a setting says what it is then.</summary>
public partial class DocumentedDefaultsTests
{
    private static readonly Type[] Kinds = [typeof(Optimizer), typeof(LearningRateSchedule), typeof(Augmentation), typeof(Loss), typeof(Layer), typeof(Activation), typeof(EarlyStopping), typeof(Checkpoints)];

    private static readonly XDocument Documentation = XDocument.Load(Path.ChangeExtension(typeof(Layer).Assembly.Location, ".xml"));

    public static TheoryData<string, string, string?> Defaults =>
    [
        .. from type in typeof(Layer).Assembly.GetExportedTypes()
           where Kinds.Any(kind => kind.IsAssignableFrom(type))
           from method in type.GetConstructors().Cast<MethodBase>().Concat(type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
           from parameter in method.GetParameters()
           where parameter.HasDefaultValue
           select ($"{type.FullName}.{(method.IsConstructor ? "#ctor" : method.Name)}", parameter.Name!, Text(parameter.DefaultValue)),
    ];

    [Theory]
    [MemberData(nameof(Defaults))]
    public void A_parameter_that_may_be_left_out_says_what_it_is_then(string method, string parameter, string? expected)
    {
        var texts = from member in Documentation.Descendants("member")
                    where ((string?)member.Attribute("name"))?.StartsWith($"M:{method}(", StringComparison.Ordinal) == true
                    from documented in member.Elements("param")
                    where (string?)documented.Attribute("name") == parameter
                    select documented.Value;
        var pattern = expected is null ? "null, the default" : $@"(?<![\w.]){Regex.Escape(expected)}(, [^.;]*)? by default";
        Assert.Matches($"(?i){pattern}", Assert.Single(texts));
    }

    /// <summary>As documentation writes it.</summary>
    private static string? Text(object? value) => value switch
    {
        null => null,
        bool isTrue => isTrue ? "yes" : "no",
        EarlyStoppingMetric metric => $"the {metric}",
        _ => Exponent().Replace(Convert.ToString(value, CultureInfo.InvariantCulture)!, "e-"),
    };

    [GeneratedRegex("E-0*")]
    private static partial Regex Exponent();
}

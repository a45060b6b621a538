using System.Reflection;
using System.Xml.Linq;
using Modular.Host;

namespace Modular.Architecture.Tests;

/// <summary>Leaving MassTransit shall be the work of one project (docs/decisions/0001).</summary>
public sealed class BrokerBoundaryTests
{
    private const string Only = "Modular.Kernel.MassTransit";

    [Fact]
    public void One_assembly_of_the_product_uses_MassTransit() => Assert.Equal([Only], Users(Product));

    [Fact]
    public void One_project_file_of_the_product_names_MassTransit() =>
        Assert.Equal(
            [Only],
            from file in Directory.GetFiles(Path.Combine(Solution.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            where XDocument.Load(file).Descendants("PackageReference").Any(p => IsBroker(p.Attribute("Include")!.Value))
            select Path.GetFileNameWithoutExtension(file));

    /// <summary>The host and everything of ours that it brings with it, found from its references.</summary>
    private static IEnumerable<Assembly> Product
    {
        get
        {
            var found = new Dictionary<string, Assembly>(StringComparer.Ordinal);
            var open = new Queue<Assembly>([typeof(ModularHost).Assembly]);
            while (open.TryDequeue(out var next))
            {
                if (!found.TryAdd(next.GetName().Name!, next))
                    continue;
                foreach (var name in next.GetReferencedAssemblies().Where(n => n.Name!.StartsWith("Modular.", StringComparison.Ordinal)))
                    open.Enqueue(Assembly.Load(name));
            }

            return found.Values;
        }
    }

    private static IEnumerable<string> Users(IEnumerable<Assembly> assemblies) =>
        from assembly in assemblies
        where assembly.GetReferencedAssemblies().Any(r => IsBroker(r.Name!))
        select assembly.GetName().Name;

    private static bool IsBroker(string name) => name.StartsWith("MassTransit", StringComparison.Ordinal) || name.StartsWith("RabbitMQ", StringComparison.Ordinal);
}

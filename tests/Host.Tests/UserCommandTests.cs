using System.Net.Http.Json;
using Modular.Testing;

namespace Modular.Host.Tests;

public sealed class UserCommandTests : IAsyncLifetime
{
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task An_admin_made_on_the_command_line_signs_in_with_the_password_that_was_shown()
    {
        var (code, output, _) = await RunAsync("user create --email ada@example.org --name Ada --admin");
        Assert.Equal(0, code);
        Assert.Contains("ada@example.org can sign in and is an admin.", output, StringComparison.Ordinal);
        var password = output.Split("The password, shown only now: ")[1].Split('\n')[0].Trim();

        await using var host = new HostProcess("serve", [.. Settings, ("ASPNETCORE_URLS", "http://127.0.0.1:0")]);
        using var http = new HttpClient { BaseAddress = await host.ListensAsync() };
        using var answer = await http.PostAsJsonAsync("/api/users/login", new { email = "ada@example.org", password });
        Assert.Contains("\"roles\":[\"admin\"]", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("/setup#token=", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_there_is_is_left_alone_and_the_operator_told_whose_it_is()
    {
        Assert.Equal(0, (await RunAsync("user create --email kim@example.org --name Kim\u00a0\u001b[31m")).Code);

        foreach (var command in new[] { "user create --email KIM@example.org", "user create --email KIM@example.org --admin" })
        {
            var (refused, _, errors) = await RunAsync(command);
            Assert.Equal(2, refused);
            Assert.Contains("There is an account with this e-mail already: kim@example.org was registered on 20", errors, StringComparison.Ordinal);
            Assert.Contains("nobody has confirmed the address; its name is \"Kim [31m\".", errors, StringComparison.Ordinal);
            Assert.Contains("--admin --existing", errors, StringComparison.Ordinal);
        }

        Assert.Equal(0, await AdminsAsync());
    }

    [Fact]
    public async Task An_account_that_is_taken_over_is_an_admins_with_the_new_password_and_says_whose_it_was()
    {
        Assert.Equal(0, (await RunAsync("user create --email kim@example.org --name Kim")).Code);
        var before = await HashAsync();

        var (code, output, _) = await RunAsync("user create --email KIM@example.org --admin --existing");

        Assert.Equal(0, code);
        Assert.Contains("kim@example.org was registered on 20", output, StringComparison.Ordinal);
        Assert.Contains("is an admin now, has the new password, and is signed out everywhere.", output, StringComparison.Ordinal);
        Assert.Contains("The password, shown only now: ", output, StringComparison.Ordinal);
        Assert.Equal(1, await AdminsAsync());
        Assert.NotEqual(before, await HashAsync());
    }

    [Theory]
    [InlineData("user create --email nobody", "E-mail is not an address such as kim@example.org.")]
    [InlineData("user create --email kim@example.org --password-stdin", "Password is required.")]
    [InlineData("user create", "--email")]
    [InlineData("user create --email kim@example.org --existing", "--existing goes with --admin")]
    [InlineData("user create --email kim@example.org --admin --existing", "There is no account with the e-mail kim@example.org.")]
    public async Task What_is_wrong_is_said_in_a_sentence_and_makes_nobody(string command, string sentence)
    {
        var (code, _, errors) = await RunAsync(command);
        Assert.NotEqual(0, code);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_without_an_admin_says_how_to_become_one()
    {
        await using var host = new HostProcess("serve", [.. Settings, ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Public__Url", "https://live.example.org")]);
        await host.ListensAsync();
        await Eventually.Is(() => host.Output.Contains("Become the first one at https://live.example.org/setup#token=", StringComparison.Ordinal));
    }

    private (string, string)[] Settings => [("ASPNETCORE_ENVIRONMENT", "Development"), ("Database__ConnectionString", database.ConnectionString)];

    private Task<long> AdminsAsync() => database.ScalarAsync<long>("""select count(*) from users.user where data -> 'roles' @> '["admin"]'""");

    private Task<string?> HashAsync() => database.ScalarAsync<string>("select data ->> 'passwordHash' from users.account");

    private async Task<(int Code, string Output, string Errors)> RunAsync(string command)
    {
        await using var host = new HostProcess(command, Settings);
        var code = await host.ExitCodeAsync();
        return (code, host.Output, host.Errors);
    }
}

using System.Net.Http.Headers;
using System.Text;

namespace Modular.Kernel.Tests.Web;

public sealed class InputProblemTests(RunningHost running) : IClassFixture<RunningHost>
{
    private const string Good = """{"title":"a","size":1}""";

    private TestHost Host => running.Host;

    [Theory]
    [InlineData("{")]
    [InlineData("""{"title":"a",}""")]
    [InlineData("""{"title":"a"} x""")]
    [InlineData("not json")]
    [InlineData("{\"title\":\"raw \u0001 control\"}")]
    public async Task Broken_JSON_is_refused_with_its_place(string json)
    {
        var answer = await Host.PostAsync("/api/things/", json);
        answer.ShouldBeProblem(400, "invalid-json");
        answer.Errors().ShouldContain("line 1");
        answer.Fields().ShouldBeEmpty();
        answer.Body.ShouldNotContain("\"fields\"");
    }

    [Fact]
    public async Task Every_missing_and_mistyped_field_is_named_at_once()
    {
        var answer = await Host.PostAsync("/api/things/", """{"colour":"purple","size":"3","shiny":1}""");
        answer.ShouldBeProblem(400, "invalid-input");
        answer.Fields().ShouldBe(["title", "colour", "size", "shiny"], ignoreOrder: true);
        answer.Errors().ShouldContain("Title is required");
        answer.Errors().ShouldContain("Colour is not one of red, darkBlue");
        answer.Errors().ShouldContain("Size is not a whole number in range");
        answer.Errors().ShouldContain("Shiny is not true or false");
    }

    [Theory]
    [InlineData("""{"size":1}""")]
    [InlineData("""{"title":null,"size":1}""")]
    public async Task One_missing_field_gives_the_problem_its_type(string json)
    {
        var answer = await Host.PostAsync("/api/things/", json);
        answer.ShouldBeProblem(400, "title-required");
        answer.Errors().ShouldBe("Title is required");
        answer.Fields().ShouldBe(["title"]);
    }

    [Fact]
    public async Task A_fault_inside_an_inner_object_is_named_by_its_path()
    {
        var answer = await Host.PostAsync("/api/things/", """{"title":"a","size":1,"inner":{"id":"no"}}""");
        answer.ShouldBeProblem(400, "invalid-input");
        answer.Fields().ShouldBe(["inner.id"]);
        answer.Errors().ShouldBe("Inner id is not an id");
    }

    [Fact]
    public async Task A_number_sent_for_an_enum_is_refused() =>
        (await Host.PostAsync("/api/things/", """{"title":"a","size":1,"colour":1}""")).ShouldBeProblem(400, "invalid-input");

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("3")]
    public async Task JSON_that_is_no_object_is_refused(string json)
    {
        (await Host.PostAsync("/api/things/", json)).ShouldBeProblem(400, "invalid-input");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    public async Task A_missing_body_is_refused(string json) =>
        (await Host.PostAsync("/api/things/", json)).ShouldBeProblem(400, "request-body-required");

    [Fact]
    public async Task A_POST_without_any_body_is_refused() =>
        (await Host.SendAsync("POST", "/api/things/", body: null)).ShouldBeProblem(400, "request-body-required");

    [Fact]
    public async Task Members_nobody_knows_optional_ones_left_out_and_a_byte_order_mark_are_fine() =>
        (await Host.PostAsync("/api/things/", "\uFEFF{\"TITLE\":\"é😀\",\"size\":1,\"more\":[1,{\"x\":null}]}")).Status.ShouldBe(201);

    [Theory]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/problem+json; charset=us-ascii; more=1")]
    public async Task UTF_8_may_be_said_in_any_way(string contentType)
    {
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(Good));
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        (await Host.SendAsync("POST", "/api/things/", body)).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=nonsense")]
    [InlineData("application/json; charset='")]
    [InlineData(null)]
    public async Task Anything_but_JSON_is_415(string? contentType)
    {
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(Good));
        body.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        (await Host.SendAsync("POST", "/api/things/", body)).ShouldBeProblem(415, "json-expected");
    }

    [Theory]
    [InlineData("""{"title":"a\u0000b","size":1}""", "title")]
    [InlineData("""{"title":"\ud800","size":1}""", "title")]
    [InlineData("""{"title":"\udc00\ud800","size":1}""", "title")]
    [InlineData("""{"title":"a","size":1,"unknown":{"deep":["\ud83d"]}}""", "unknown")]
    [InlineData("""{"title":"a","size":1,"\u0000":1}""", null)]
    public async Task Text_that_cannot_be_stored_is_refused(string json, string? field)
    {
        var answer = await Host.PostAsync("/api/things/", json);
        answer.ShouldBeProblem(400, "invalid-text");
        answer.Fields().ShouldBe(field is null ? [] : [field]);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_refused()
    {
        var body = new ByteArrayContent([.. "{\"title\":\""u8, 0xff, .. "\",\"size\":1}"u8]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        (await Host.SendAsync("POST", "/api/things/", body)).ShouldBeProblem(400, "invalid-text");
    }

    [Fact]
    public async Task NUL_in_the_query_is_refused()
    {
        var answer = await Host.GetAsync("/api/things/list?limit=1&q=a%00b");
        answer.ShouldBeProblem(400, "invalid-text");
        answer.Fields().ShouldBe(["q"]);
    }

    [Fact]
    public async Task A_query_value_of_the_wrong_kind_is_named()
    {
        var answer = await Host.GetAsync("/api/things/list?limit=many");
        answer.ShouldBeProblem(400, "invalid-input");
        answer.Errors().ShouldBe("Limit is not a whole number in range");
        answer.Fields().ShouldBe(["limit"]);
    }

    [Fact]
    public async Task A_missing_query_value_is_named()
    {
        var answer = await Host.GetAsync("/api/things/list");
        answer.ShouldBeProblem(400, "limit-required");
        answer.Fields().ShouldBe(["limit"]);
    }
}
